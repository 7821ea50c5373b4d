using System.CommandLine;

namespace NativeLambda.Trials.Gateway.Load;

/// <summary>The command <c>gateway-load</c>.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var gateway = new Option<FileInfo>("--gateway") { Description = "The gateway's program.", Required = true };
        var others = new Option<string[]>("--variant") { Description = "Another build or setting of it: NAME=PROGRAM[,VARIABLE=VALUE]…; may be repeated." };
        var peer = new Option<FileInfo?>("--peer") { Description = "The peer's program." };
        var servers = new Option<string[]>("--peer-server") { Description = "What the peer serves with: nethttp, fasthttp; may be repeated." };
        var lambda = new Option<FileInfo>("--lambda") { Description = "The program that plays Lambda.", Required = true };
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured.", DefaultValueFactory = static _ => 7 };
        var seconds = new Option<int>("--seconds") { Description = "How long each time.", DefaultValueFactory = static _ => 5 };
        var connections = new Option<int>("--connections") { Description = "Over how many connections.", DefaultValueFactory = static _ => 64 };
        var write = new Option<FileInfo?>("--write") { Description = "The page to write." };
        var commit = new Option<string>("--commit") { Description = "The commit that the page names.", DefaultValueFactory = static _ => "unknown" };
        var command = new Command("gateway-load", "Requests a second and CPU time of the gateway, beside peers with the same mapping.")
        {
            gateway, others, peer, servers, lambda, rounds, seconds, connections, write, commit,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            TextWriter output = arguments.InvocationConfiguration.Output;
            var options = new LoadOptions(arguments.GetValue(rounds), TimeSpan.FromSeconds(arguments.GetValue(seconds)), arguments.GetValue(connections));
            var contenders = new List<LoadContender> { new("lambda-gateway", arguments.GetRequiredValue(gateway).FullName) };
            contenders.AddRange((arguments.GetValue(others) ?? []).Select(Variant));
            if (arguments.GetValue(peer) is { } program)
                contenders.AddRange((arguments.GetValue(servers) ?? []).Select(server => new LoadContender($"Go, {server}", program.FullName, PeerServer: server)));
            IReadOnlyDictionary<string, IReadOnlyList<LoadSample>> samples =
                await new LoadTrial(options, arguments.GetRequiredValue(lambda).FullName, contenders).RunAsync(output.WriteLine, cancellation);
            await output.WriteLineAsync($"{LoadReport.Table(samples)}\n{LoadReport.Ratios(samples)}");
            if (arguments.GetValue(write) is { } page)
                await File.WriteAllTextAsync(page.FullName, LoadReport.Document(options, samples, arguments.GetValue(commit)!, TimeProvider.System.GetUtcNow()), cancellation);
            return 0;
        });
        return command;
    }

    private static LoadContender Variant(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string[] parts = text[(equals + 1)..].Split(',');
        return new LoadContender(text[..equals], parts[0], parts.Skip(1).Select(static pair => pair.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => pair[1]));
    }
}
