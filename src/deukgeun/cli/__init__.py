"""The command line: thin over the library, one file a command. ``deukgeun.cli.main`` is the entrance.

The modules import nothing heavy at their head: ``deukgeun --help`` must start at once.
"""
