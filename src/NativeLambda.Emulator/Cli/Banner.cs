using System.Globalization;
using NativeLambda.Emulator.Environments;
using NativeLambda.Emulator.Functions;

namespace NativeLambda.Emulator.Cli;

/// <summary>What a person needs to know when the emulator has started.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, LocalLambda lambda, LocalLambdaOptions options)
    {
        string endpoint = lambda.InvokeEndpoint.ToString().TrimEnd('/');
        foreach (FunctionHost function in lambda.Functions)
        {
            FunctionSettings settings = function.Settings;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"function      {settings.Name} ({settings.MemorySizeMb} MB, timeout {settings.Timeout.TotalSeconds:0.###} s, up to {settings.MaxConcurrency} environments, frozen by {lambda.FreezeMethod})"));
            if (lambda.Functions.Count > 1) output.WriteLine($"function URL  {function.Url}");
        }
        output.WriteLine($"invoke API    {endpoint}");
        if (lambda.Functions.Count == 1) output.WriteLine($"function URL  {lambda.FunctionUrl}");
        if (lambda.DashboardUrl is not null) output.WriteLine($"dashboard     {lambda.DashboardUrl}");
        string name = lambda.Functions[0].Name;
        // fileb: is the way to hand a payload over that versions 1 and 2 of AWS's command line understand alike.
        output.WriteLine($"""

              curl {endpoint}/2015-03-31/functions/{name}/invocations -d '{"{}"}'
              curl {lambda.FunctionUrl}
              echo '{"{}"}' | aws lambda invoke --endpoint-url {endpoint} --region {options.Region} --function-name {name} --payload fileb:///dev/stdin /dev/stdout

            Ctrl-C ends it.
            """);
        output.Flush();
    }
}
