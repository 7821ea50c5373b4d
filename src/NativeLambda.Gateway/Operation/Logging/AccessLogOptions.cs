namespace NativeLambda.Gateway.Operation.Logging;

/// <summary>The access log: a line of JSON a request.</summary>
internal sealed record AccessLogOptions
{
    /// <summary>The file; it is appended to, and opened again at SIGHUP. Null for standard output.</summary>
    public string? File { get; init; }

    /// <summary>The members of a line, in their order; see <see cref="AccessLogField"/>.</summary>
    public IReadOnlyList<AccessLogField> Fields { get; init; } = Default;

    /// <summary>All but the query, which may carry secrets, and the user agent.</summary>
    public static IReadOnlyList<AccessLogField> Default { get; } =
        [.. Enum.GetValues<AccessLogField>().Where(static field => field is not (AccessLogField.Query or AccessLogField.UserAgent))];
}
