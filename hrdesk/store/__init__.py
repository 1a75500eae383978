"""What hrdesk keeps: one SQLite database, and the only place that speaks SQL."""
