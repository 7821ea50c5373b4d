using Npgsql;

namespace NativeLambda.Database;

/// <summary>The connection, lent to one run of a handler.</summary>
/// <param name="Connection">An open connection, checked just before.</param>
/// <param name="Facts">What is known about it.</param>
internal readonly record struct Loan(NpgsqlConnection Connection, ConnectionFacts Facts);
