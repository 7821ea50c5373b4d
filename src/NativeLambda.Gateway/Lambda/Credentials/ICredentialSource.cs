namespace NativeLambda.Gateway.Lambda.Credentials;

/// <summary>Where the keys come from.</summary>
internal interface ICredentialSource
{
    /// <summary>The keys to sign with now.</summary>
    /// <exception cref="LambdaUnreachableException">There are none.</exception>
    ValueTask<AwsKeys> GetAsync(CancellationToken cancellation);

    /// <summary>Other keys, after these were refused.</summary>
    /// <returns>New keys; the same ones when there are no others.</returns>
    /// <exception cref="LambdaUnreachableException">There are none.</exception>
    ValueTask<AwsKeys> RefreshAsync(AwsKeys refused, CancellationToken cancellation);
}
