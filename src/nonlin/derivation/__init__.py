"""What follows from a formula: derivatives, Programs, landmarks, moments, facts and the proved reference."""
