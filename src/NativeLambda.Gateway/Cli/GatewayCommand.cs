using System.CommandLine;
using System.CommandLine.Parsing;
using NativeLambda.Configuration;
using NativeLambda.Gateway.Configuration;

namespace NativeLambda.Gateway.Cli;

/// <summary>What may be asked for on the command line.</summary>
internal sealed class GatewayCommand : RootCommand
{
    private const string Help = """
        HTTP in, Lambda Invoke out: a front door for fleets of functions, towards AWS or the emulator, as API Gateway's HTTP APIs are one.

        Examples:
          lambda-gateway --config gateway.json
          lambda-gateway --config gateway.json --check
          lambda-gateway --endpoint http://127.0.0.1:9001 --function products
        """;

    private readonly TextWriter _errors;
    private readonly Option<string?> _config = new("--config") { Description = "the configuration, gateway.json; read again when it changes and at SIGHUP" };
    private readonly Option<bool> _check = new("--check") { Description = "read the configuration, tell every mistake in it, and end: 0 when there is none" };
    private readonly Option<string[]> _listen = new("--listen") { Description = "where to listen, in place of the file's listeners: http://127.0.0.1:8080, unix:/run/gateway.sock [default: http://127.0.0.1:8080]" };
    private readonly Option<string?> _endpoint = new("--endpoint") { Description = "where Lambda is, in place of the file's lambda.endpoint; the emulator's is http://127.0.0.1:9001" };
    private readonly Option<string?> _region = new("--region") { Description = "the AWS Region, in place of the file's lambda.region" };
    private readonly Option<string?> _function = new("--function") { Description = "without a file: the function of all requests, by name, partial ARN or ARN" };
    private readonly Option<bool> _development = new("--development") { Description = "show the routes and try them at /, where none is for it; so it is with an endpoint on this machine anyway" };

    public GatewayCommand(TextWriter errors) : base(Help)
    {
        _errors = errors;
        foreach (Option option in (Option[])[_config, _check, _listen, _endpoint, _region, _function, _development]) Options.Add(option);
        Validators.Add(Validate);
        SetAction(RunAsync);
    }

    private void Validate(CommandResult result)
    {
        string? function = result.GetValue(_function);
        bool hasFile = result.GetResult(_config) is not null;
        if (!hasFile && function is null) result.AddError("--config or --function is needed: what shall be served?");
        if (hasFile && function is not null) result.AddError("--function is for a gateway without a file: with one, it belongs into a route of the file");
        if (!hasFile && result.GetValue(_check)) result.AddError("--check needs --config: there is nothing to check");
        if (function is not null && FunctionName.Check(function) is { } wrong) result.AddError($"--function {function}: {wrong}");
        foreach (string listen in result.GetValue(_listen) ?? []) AddErrorOf(result, $"--listen {listen}", () => CommandConfiguration.Listener(listen));
        if (result.GetValue(_endpoint) is { } endpoint) AddErrorOf(result, $"--endpoint {endpoint}", () => LambdaReader.ParseEndpoint(endpoint));
    }

    private static void AddErrorOf(CommandResult result, string option, Action read)
    {
        try
        {
            read();
        }
        catch (FormatException wrong)
        {
            result.AddError($"{option}: {wrong.Message}");
        }
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var source = new CommandConfiguration
        {
            File = parsed.GetValue(_config),
            Listen = parsed.GetValue(_listen) ?? [],
            Endpoint = parsed.GetValue(_endpoint),
            Region = parsed.GetValue(_region),
            Function = parsed.GetValue(_function),
            Development = parsed.GetValue(_development),
        };
        GatewayConfiguration configuration;
        try
        {
            configuration = source.Read();
        }
        catch (ConfigurationException mistakes)
        {
            await _errors.WriteLineAsync(mistakes.Message);
            return CommandLine.Failed;
        }
        if (!parsed.GetValue(_check)) return await GatewayRun.UntilStoppedAsync(source, configuration, _errors, cancellation);
        await _errors.WriteLineAsync($"{source.File}: no mistake; routes: {configuration.Routes.Count}");
        return 0;
    }
}
