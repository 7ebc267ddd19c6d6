"""SQL scripts of any of five dialects."""
