namespace NativeLambda.Gateway.Configuration;

/// <summary>
/// A stage: <c>$default</c> serves from the root, any other under <c>/name</c>. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.html">API Gateway, stages for HTTP APIs</see>.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Variables">What its events carry as <c>stageVariables</c>.</param>
internal sealed record StageOptions(string Name, IReadOnlyDictionary<string, string> Variables)
{
    /// <summary>The name of the stage that serves from the root.</summary>
    public const string DefaultName = "$default";

    /// <summary>The stage that serves from the root, without variables.</summary>
    public static StageOptions Default { get; } = new(DefaultName, new Dictionary<string, string>());
}
