"""What a user can do, as asyncio code without Qt."""
