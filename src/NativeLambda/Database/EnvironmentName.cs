using NativeLambda.Settings;

namespace NativeLambda.Database;

/// <summary>
/// What <c>pg_stat_activity</c> calls an execution environment: function, version and a short id, so that it reads as the fleet.
/// </summary>
internal static class EnvironmentName
{
    /// <summary>PostgreSQL cuts names after this many bytes (NAMEDATALEN).</summary>
    private const int MaxLength = 63;

    private const int IdLength = 8;

    public static string Create(VariableReader variables)
    {
        if (variables.Text("AWS_LAMBDA_FUNCTION_NAME") is not { } function)
            return "nativelambda";
        string version = variables.Text("AWS_LAMBDA_FUNCTION_VERSION") ?? "$LATEST";

        // 2026/11/24/[$LATEST]0123456789abcdef…: the id is in the name of the log stream, one for each environment.
        string stream = variables.Text("AWS_LAMBDA_LOG_STREAM_NAME") ?? "";
        string id = stream[(stream.LastIndexOf(']') + 1)..];
        if (id.Length > IdLength)
            id = id[..IdLength];
        string rest = id.Length == 0 ? $"/{version}" : $"/{version}/{id}";
        return function.Length + rest.Length <= MaxLength ? function + rest : function[..Math.Max(0, MaxLength - rest.Length)] + rest;
    }
}
