namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>What requests are signed with. No record: its text must not be its content.</summary>
/// <param name="accessKeyId">The name of the key.</param>
/// <param name="secretKey">The key.</param>
/// <param name="sessionToken">What temporary keys are sent with; null for keys that last.</param>
internal sealed class AwsKeys(string accessKeyId, string secretKey, string? sessionToken = null)
{
    public string AccessKeyId => accessKeyId;

    public string SecretKey => secretKey;

    public string? SessionToken => sessionToken;

    /// <summary>Whether both are the same keys.</summary>
    public bool Same(AwsKeys other) =>
        accessKeyId == other.AccessKeyId && secretKey == other.SecretKey && sessionToken == other.SessionToken;

    /// <summary>The text without what the service must not tell others: some of its errors quote the request.</summary>
    public string Redact(string text)
    {
        string redacted = text.Replace(secretKey, "…", StringComparison.Ordinal);
        return string.IsNullOrEmpty(sessionToken) ? redacted : redacted.Replace(sessionToken, "…", StringComparison.Ordinal);
    }

    /// <summary>The name of the key only.</summary>
    public override string ToString() => accessKeyId;
}
