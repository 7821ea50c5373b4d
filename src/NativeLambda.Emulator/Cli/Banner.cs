using System.Globalization;

namespace NativeLambda.Emulator.Cli;

/// <summary>What a person needs to know when the emulator has started.</summary>
internal static class Banner
{
    public static void Write(TextWriter output, LocalLambda lambda, LocalLambdaOptions options)
    {
        string endpoint = lambda.InvokeEndpoint.ToString().TrimEnd('/');
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
            function      {options.FunctionName} ({options.MemorySizeMb} MB, timeout {options.Timeout.TotalSeconds:0.###} s, up to {options.MaxConcurrency} environments, frozen by {lambda.FreezeMethod})
            invoke API    {endpoint}
            function URL  {lambda.FunctionUrl}

              curl {endpoint}/2015-03-31/functions/{options.FunctionName}/invocations -d '{"{}"}'
              curl {lambda.FunctionUrl}
              aws lambda invoke --endpoint-url {endpoint} --region {options.Region} --function-name {options.FunctionName} --payload '{"{}"}' --cli-binary-format raw-in-base64-out /dev/stdout

            Ctrl-C ends it.
            """));
        output.Flush();
    }
}
