using NativeLambda.Settings;

namespace NativeLambda.Database.Credentials;

/// <summary>A token of RDS IAM authentication, made when the server asks: none is ever older than the connection it opens.</summary>
internal sealed class IamTokenSource(ConnectionSettings settings, VariableReader variables, TimeProvider time) : ICredentialSource
{
    /// <summary>A new one has another time: right after a thaw, the clock may have been set meanwhile.</summary>
    public bool CanRefresh => true;

    public ValueTask<string?> PrepareAsync(bool refresh, CancellationToken cancellationToken) => ValueTask.FromResult<string?>(null);

    public string GetPassword(string host, int port) =>
        RdsToken.Create(host, port, settings.User, settings.Region!, AwsCredentials.Read(variables), time.GetUtcNow());
}
