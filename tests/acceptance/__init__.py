"""The product from outside: real processes, real database, clients written from the contract."""
