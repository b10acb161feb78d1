"""What every feature stands on: companies, accounts, permissions, audit, jobs, notifications, pages."""
