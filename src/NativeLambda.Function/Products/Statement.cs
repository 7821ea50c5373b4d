using Npgsql;

namespace NativeLambda.Function.Products;

/// <summary>
/// Makes commands with positional parameters, <c>$1</c> and on: Npgsql sends their text as it is, where named ones would make it
/// parse and rewrite each statement first.
/// </summary>
internal static class Statement
{
    public static NpgsqlCommand Create(NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
#pragma warning disable CA2100 // Every text is a constant beside its use.
        var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (NpgsqlParameter parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };
}
