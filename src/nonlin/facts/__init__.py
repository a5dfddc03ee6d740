"""What is true of an activation: facts, proved by ball arithmetic where a proof is found."""
