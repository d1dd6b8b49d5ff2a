"""Forums, salons and open lectures: calls, sign-ups, seats that are never sold twice, the running order, the stage."""
