namespace NativeLambda.Database.Credentials;

/// <summary>Where the password of a physical connection comes from. Nothing is kept from one open to the next: in between may be a freeze.</summary>
/// <remarks>One open at a time.</remarks>
internal interface ICredentialSource
{
    /// <summary>Whether asking again, past every cache, can give another password than the one that was refused.</summary>
    bool CanRefresh { get; }

    /// <summary>Gets ready for one open, before the server is connected to.</summary>
    /// <param name="refresh">Whether to go past every cache.</param>
    /// <param name="cancellationToken">Ends the open.</param>
    /// <returns>The role to log in as, or <see langword="null"/> for the one of the settings.</returns>
    /// <exception cref="CredentialException">There is nothing to log in with.</exception>
    ValueTask<string?> PrepareAsync(bool refresh, CancellationToken cancellationToken);

    /// <summary>The password. Asked for only when the server wants one.</summary>
    /// <param name="host">The host that is connected to: one of several, perhaps.</param>
    /// <param name="port">Its port.</param>
    /// <exception cref="CredentialException">There is none.</exception>
    string GetPassword(string host, int port);
}
