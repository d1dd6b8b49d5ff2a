"""The words of people, cards, cohorts and imports, and the codec of their buttons. Decides and writes nothing."""
