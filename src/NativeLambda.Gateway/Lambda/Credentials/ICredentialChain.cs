namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>Finds keys, in the order in which AWS's tools look for them.</summary>
internal interface ICredentialChain : IDisposable
{
    /// <summary>The keys of now; of keys that end the next ones, where there are some already.</summary>
    /// <exception cref="CredentialException">There are none.</exception>
    Task<AwsKeys> GetAsync(CancellationToken cancellation);

    /// <summary>Looks from the beginning the next time, and takes nothing that it has kept.</summary>
    void Forget();
}

/// <summary>There are no keys; the message says why, and what to do.</summary>
internal sealed class CredentialException(string message, Exception? cause = null) : Exception(message, cause);
