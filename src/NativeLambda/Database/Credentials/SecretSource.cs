namespace NativeLambda.Database.Credentials;

/// <summary>A secret of Secrets Manager, asked for at each open: the extension has the cache, and its age is known to nobody after a thaw.</summary>
internal sealed class SecretSource(ConnectionSettings settings, SecretsExtension extension, TimeProvider time) : ICredentialSource
{
    /// <summary>
    /// How long the extension may be waited for that is not ready yet. Beyond it the open ends, for some versions get ready only once
    /// Init is over, and to wait for one of these in Init is to wait in vain.
    /// </summary>
    internal static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(20);

    private readonly string _secretId = settings.SecretId!;
    private string? _password;

    public bool CanRefresh => true;

    public async ValueTask<string?> PrepareAsync(bool refresh, CancellationToken cancellationToken)
    {
        SecretValue secret = await FetchAsync(refresh, cancellationToken);
        if (secret.User is null && settings.User.Length == 0)
            throw new CredentialException($"the secret {_secretId} has no member username, and PGUSER is not set: set one of them to the role to log in as");
        _password = secret.Password;
        return secret.User;
    }

    public string GetPassword(string host, int port) =>
        _password ?? throw new InvalidOperationException("The open was not prepared.");

    private async Task<SecretValue> FetchAsync(bool refresh, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        while (true)
        {
            if (await extension.TryGetAsync(_secretId, refresh, cancellationToken) is { } secret)
                return secret;
            if (time.GetElapsedTime(start) >= ReadyLimit)
                throw NotReady();
            try
            {
                await Task.Delay(ReadyPoll, time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw NotReady();
            }
        }
    }

    private CredentialException NotReady() =>
        new($"the Secrets extension at {extension.Authority} is not ready yet", isTransient: true) { EndsOpen = true };
}
