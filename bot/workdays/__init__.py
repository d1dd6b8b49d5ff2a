"""Days on which people work and days on which they do not: China's holidays, make-up days, units' blackouts."""
