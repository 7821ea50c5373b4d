using System.Text.RegularExpressions;
using NativeLambda.Configuration;
using NativeLambda.Gateway.Routing;

namespace NativeLambda.Gateway.Configuration;

/// <summary>
/// Functions with variables of the stage in their names: <c>products:${stageVariables.alias}</c>. Source:
/// <see href="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-stages.stage-variables.html">API Gateway, stage variables</see>.
/// </summary>
internal static partial class StageFunction
{
    /// <summary>Whether a function has variables, or what is meant to be one.</summary>
    public static bool HasVariables(string function) => function.Contains("${", StringComparison.Ordinal);

    /// <summary>A route with its functions by stage; each must be one, and each variable there.</summary>
    public static Route Resolve(ConfigObject read, Route route, IReadOnlyList<StageOptions> stages)
    {
        if (!HasVariables(route.Function)) return route;
        var functions = new Dictionary<string, string>();
        foreach (StageOptions stage in stages)
        {
            string? missing = null;
            string function = Variable().Replace(route.Function, match =>
            {
                if (stage.Variables.TryGetValue(match.Groups["name"].Value, out string? value)) return value;
                missing ??= match.Groups["name"].Value;
                return "";
            });
            if (missing is not null) read.Report("function", $"the stage {stage.Name} has no variable {missing}");
            else if (FunctionName.Check(function) is { } wrong) read.Report("function", $"in the stage {stage.Name} it is \"{function}\": {wrong}");
            else if (route.Qualifier is not null && FunctionName.HasQualifier(function)) read.Report("qualifier", "\"function\" already names a version or alias: say it once");
            functions.TryAdd(stage.Name, function);
        }
        return route with { Functions = functions };
    }

    [GeneratedRegex(@"\$\{stageVariables\.(?<name>[A-Za-z0-9_]+)\}", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Variable();
}
