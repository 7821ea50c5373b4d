namespace NativeLambda.Trials.Storm;

/// <summary>How strong the storm is.</summary>
internal sealed record StormOptions
{
    /// <summary>Execution environments, and requests at once in each wave.</summary>
    public required int Environments { get; init; }

    /// <summary>The server's <c>max_connections</c>; three of them are reserved for superusers, and one of the rest the trial looks on through.</summary>
    public required int MaxConnections { get; init; }

    /// <summary>How many waves there are; between two of them every environment is frozen.</summary>
    public required int Waves { get; init; }

    /// <summary>The function's timeout: the time that each request has.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>The tables.</summary>
    public required string Schema { get; init; }
}
