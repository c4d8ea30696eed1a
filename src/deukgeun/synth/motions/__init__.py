"""What athletes do: exercises, their near neighbours and idle time, written as key poses and played by one engine."""
