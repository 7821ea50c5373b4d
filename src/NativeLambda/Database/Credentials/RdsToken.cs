using System.Globalization;

namespace NativeLambda.Database.Credentials;

/// <summary>
/// The token of RDS IAM authentication: a presigned request to connect, good for logging in for 15 minutes. Made here, without a
/// call to AWS.
/// </summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html">RDS, IAM authentication</see>.
/// </remarks>
internal static class RdsToken
{
    public static string Create(string host, int port, string user, string region, AwsCredentials credentials, DateTimeOffset now)
    {
        // What is signed is the name that the server knows itself by, in lower case.
        string address = string.Create(CultureInfo.InvariantCulture, $"{host.ToLowerInvariant()}:{port}");
        var scope = new SigV4Scope(now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture), region, "rds-db");
        var parameters = new List<(string, string)>
        {
            ("Action", "connect"),
            ("DBUser", user),
            ("X-Amz-Algorithm", SigV4.Algorithm),
            ("X-Amz-Credential", $"{credentials.AccessKeyId}/{scope}"),
            ("X-Amz-Date", scope.Timestamp),
            ("X-Amz-Expires", "900"),
            ("X-Amz-SignedHeaders", "host"),
        };
        if (credentials.SessionToken is { } session)
            parameters.Add(("X-Amz-Security-Token", session));

        string query = SigV4.CanonicalQuery([.. parameters]);
        string signature = SigV4.Sign(credentials.SecretAccessKey, scope, SigV4.CanonicalGet("/", query, ("host", address)));
        return $"{address}/?{query}&X-Amz-Signature={signature}";
    }
}
