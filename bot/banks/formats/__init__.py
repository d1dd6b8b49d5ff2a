"""The files that questions come in and go out as. Pure: text or cells in, questions and findings out, and back."""
