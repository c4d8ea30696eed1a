"""Fine-tuning of pose networks: HRNet with interchangeable heads, from crops to a file that ``analyze`` takes."""
