"""The words of the quiz, one module a subject; a door takes what it needs from there."""
