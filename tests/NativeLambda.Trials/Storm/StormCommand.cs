using System.CommandLine;
using NativeLambda.Emulator;
using NativeLambda.Emulator.Freezing;
using NativeLambda.Emulator.Postgres;

namespace NativeLambda.Trials.Storm;

/// <summary>The command <c>storm</c>: more environments than the server has slots, all at once.</summary>
internal sealed class StormCommand : Command
{
    private readonly Option<int> _environments = Number("--environments", "execution environments, and requests at once in each wave", 300, 1, 1000);
    private readonly Option<int> _maxConnections = Number("--max-connections", "the server's max_connections", 50, 5, 1000);
    private readonly Option<int> _waves = Number("--waves", "waves, with every environment frozen in between", 3, 1, 100);
    private readonly Option<string> _timeout = new("--timeout") { Description = "the function's timeout, in seconds: 10s", DefaultValueFactory = static _ => "10s" };
    private readonly Option<string> _bootstrap = new("--bootstrap") { Description = "the function's executable", Required = true };
    private readonly Option<string> _schema = new("--schema") { Description = "its tables", Required = true };
    private readonly Option<string?> _peerBootstrap = new("--peer-bootstrap") { Description = "the executable of the peers" };
    private readonly Option<string> _peers = new("--peers") { Description = "who else is sent into the storm: all, none, or names with commas between", DefaultValueFactory = static _ => "all" };
    private readonly Option<bool> _onlyPeers = new("--only-peers") { Description = "leave the function itself out" };
    private readonly Option<string[]> _settings = new("--set") { Description = "NAME=VALUE, a setting of the function, such as NATIVELAMBDA_RELEASE_AT=80%" };
    private readonly Option<FileInfo?> _log = new("--log") { Description = "a file for what the environments log" };
    private readonly Option<FileInfo?> _json = new("--json") { Description = "a file for the figures" };
    private readonly Option<FileInfo?> _svg = new("--svg") { Description = "a file for the chart" };

    private StormCommand()
        : base("storm", "Sends waves of requests to more execution environments than the server has connection slots, frozen between the waves.")
    {
        foreach (Option option in (Option[])[_environments, _maxConnections, _waves, _timeout, _bootstrap, _schema, _peerBootstrap, _peers, _onlyPeers, _settings, _log, _json, _svg])
            Options.Add(option);
        SetAction(RunAsync);
    }

    public static Command Create() => new StormCommand();

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        TextWriter output = parsed.InvocationConfiguration.Output;
        try
        {
            StormOptions options = Read(parsed);
            var view = new StormView(output, options, isTerminal: !Console.IsOutputRedirected);
            var results = new List<StormResult>();
            await using StreamWriter? log = parsed.GetValue(_log) is { } file ? new StreamWriter(file.FullName) : null;
            foreach (Contender contender in Contenders(parsed))
            {
                view.Say($"{contender.Name}: {options.Waves} waves of {options.Environments} against max_connections = {options.MaxConnections}");
                results.Add(await new StormRun(options, contender, view, TimeProvider.System, log).RunAsync(cancellation));
                view.Say(StormReport.Describe(results[^1]));
            }

            output.WriteLine(StormReport.Table(results));
            if (parsed.GetValue(_json) is { } json)
                await File.WriteAllTextAsync(json.FullName, StormJson.Write(options, results, TimeProvider.System.GetUtcNow()), cancellation);
            if (parsed.GetValue(_svg) is { } svg)
                await File.WriteAllTextAsync(svg.FullName, StormChart.Draw(options, results), cancellation);
            bool perfect = results.Where(static result => result.Contender.IsOurs).All(static result => result.IsPerfect);
            output.WriteLine(perfect ? "PASSED: every request was answered with 200 or 201, no write was lost or doubled" : "FAILED: see above");
            return perfect ? 0 : 1;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 130;
        }
        catch (Exception exception) when (exception is ArgumentException or BootstrapException or FreezeException or PostgresServerException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync($"storm: {exception.Message}");
            return 2;
        }
    }

    private StormOptions Read(ParseResult parsed)
    {
        string timeout = parsed.GetRequiredValue(_timeout);
        return double.TryParse(timeout.TrimEnd('s'), System.Globalization.CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and <= 900
            ? new StormOptions
            {
                Environments = parsed.GetValue(_environments),
                MaxConnections = parsed.GetValue(_maxConnections),
                Waves = parsed.GetValue(_waves),
                Timeout = TimeSpan.FromSeconds(seconds),
                Schema = parsed.GetRequiredValue(_schema),
            }
            : throw new ArgumentException($"--timeout {timeout}: it is a number of seconds up to 900, such as 10s");
    }

    private IEnumerable<Contender> Contenders(ParseResult parsed)
    {
        var settings = new Dictionary<string, string>();
        foreach (string setting in parsed.GetValue(_settings) ?? [])
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new ArgumentException($"--set {setting}: it is NAME=VALUE");
            settings[setting[..equals]] = setting[(equals + 1)..];
        }

        if (!parsed.GetValue(_onlyPeers))
            yield return new Contender("NativeLambda", parsed.GetRequiredValue(_bootstrap), settings, IsOurs: true);
        foreach (Contender peer in Peers.Select(parsed.GetRequiredValue(_peers), parsed.GetValue(_peerBootstrap)))
            yield return peer;
    }

    private static Option<int> Number(string name, string description, int value, int min, int max)
    {
        var option = new Option<int>(name) { Description = $"{description} ({min} to {max})", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var given && (given < min || given > max))
                result.AddError($"{name} is {min} to {max}");
        });
        return option;
    }
}
