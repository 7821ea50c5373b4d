using System.Collections.Concurrent;

namespace NativeLambda.Gateway.Lambda.Http;

/// <summary>The targets of an operation, made once for each function.</summary>
internal sealed class FunctionTargets(LambdaEndpoint endpoint, InvokeOperation operation)
{
    // Functions are named by a configuration; should names come from requests, these are all that are remembered.
    private const int Capacity = 1024;

    private readonly ConcurrentDictionary<(string Function, string? Qualifier), FunctionTarget> _targets = new();

    public FunctionTarget Find(string function, string? qualifier)
    {
        if (_targets.TryGetValue((function, qualifier), out FunctionTarget? target)) return target;
        target = FunctionTarget.Of(endpoint, function, qualifier, operation);
        if (_targets.Count < Capacity) _targets[(function, qualifier)] = target;
        return target;
    }
}
