namespace NativeLambda.Gateway.Tests.Operation;

/// <summary>Spans and instruments belong to the process: while these tests listen to them, no other gateway may be at work.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWide
{
    public const string Name = "Process-wide";
}
