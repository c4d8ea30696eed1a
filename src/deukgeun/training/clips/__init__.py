"""The whole analysis on labelled clips of other people: run, figures, report."""
