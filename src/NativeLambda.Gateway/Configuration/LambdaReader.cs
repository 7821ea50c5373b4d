using NativeLambda.Configuration;
using NativeLambda.Gateway.Lambda;

namespace NativeLambda.Gateway.Configuration;

/// <summary>Reads how Lambda is reached.</summary>
internal static class LambdaReader
{
    private const int MaxConnections = 100_000, MaxRetries = 100, MaxResult = 256 * 1024 * 1024;

    public static LambdaClientOptions Read(ConfigObject? read, string folder)
    {
        var defaults = new LambdaClientOptions();
        if (read is null) return defaults;
        var options = new LambdaClientOptions
        {
            Region = read.Text("region"),
            Endpoint = ReadEndpoint(read),
            Profile = read.Text("profile"),
            CaBundle = read.Path("caBundle", folder),
            Protocol = read.Choice("protocol", "http1", "http2") == "http2" ? LambdaProtocol.Http2 : LambdaProtocol.Http1,
            ConnectTimeout = read.Seconds("connectTimeout") ?? defaults.ConnectTimeout,
            ConnectionLifetime = read.Seconds("connectionLifetime") ?? defaults.ConnectionLifetime,
            ConnectionIdle = read.Seconds("connectionIdle") ?? defaults.ConnectionIdle,
            MaxConnections = read.Integer("maxConnections", 1, MaxConnections) ?? defaults.MaxConnections,
            MaxResultBytes = read.Integer("maxResult", 1, MaxResult) ?? defaults.MaxResultBytes,
            MaxRetries = read.Integer("maxRetries", 0, MaxRetries) ?? defaults.MaxRetries,
            RetryDelay = read.Seconds("retryDelay") ?? defaults.RetryDelay,
            RetryBudget = read.Seconds("retryBudget") ?? defaults.RetryBudget,
            BreakDuration = read.Seconds("breakDuration") ?? defaults.BreakDuration,
        };
        read.RequireNoMore();
        return options;
    }

    /// <summary>Reads an endpoint as the file and the command line have it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Uri ParseEndpoint(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.Query.Length == 0 && uri.UserInfo.Length == 0
            ? uri
            : throw new FormatException("an endpoint is a URL such as http://127.0.0.1:9001, without a query");

    private static Uri? ReadEndpoint(ConfigObject read)
    {
        if (read.Text("endpoint") is not { } text) return null;
        try
        {
            return ParseEndpoint(text);
        }
        catch (FormatException wrong)
        {
            read.Report("endpoint", wrong.Message);
            return null;
        }
    }
}
