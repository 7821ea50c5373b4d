using NativeLambda.Emulator;
using NativeLambda.Emulator.Processes;
using NativeLambda.Emulator.Sandboxing;
using static NativeLambda.IntegrationTests.Emulator.LambdaFixtures;

namespace NativeLambda.IntegrationTests.Emulator;

/// <summary>Each environment's own /tmp.</summary>
public sealed class TmpTests
{
    private const string Look = """[{"shell":"cat /tmp/mark || echo nothing there"},{"echo":1}]""";

    [Fact]
    public async Task What_one_environment_writes_into_tmp_no_other_one_sees_nor_the_machine()
    {
        await using LocalLambda lambda = await StartAsync();
        string mark = $"/tmp/{Path.GetRandomFileName()}", machines = $"/tmp/{Path.GetRandomFileName()}";
        await File.WriteAllTextAsync(machines, "");
        Task<InvokeResult> first = lambda.InvokeAsync(Steps($$"""[{"shell":"echo secret > {{mark}}; echo written"},{"sleep":300},{"echo":1}]"""));
        await lambda.WaitForLogAsync(line => line.Text == "written").Guarded();
        await lambda.InvokeAsync(Steps($$"""[{"shell":"test -e {{mark}} && echo seen || echo unseen; test -e {{machines}} && echo seen || echo the same of the machine"},{"echo":1}]""")).Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "unseen").Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "the same of the machine").Guarded();
        Assert.False(File.Exists(mark));
        File.Delete(machines);
        Assert.Null((await first.Guarded()).FunctionError);
    }

    [Fact]
    public async Task It_outlives_a_crash_and_a_timeout_but_not_the_environment()
    {
        await using LocalLambda lambda = await StartAsync();
        await lambda.InvokeAsync(Steps("""[{"shell":"echo kept > /tmp/mark"},{"exit":1}]""")).Guarded();
        await lambda.InvokeAsync(Steps(Look)).Guarded();
        Assert.Equal(2, Assert.Single(lambda.Environments).ProcessesStarted);
        await lambda.WaitForLogAsync(line => line.Text == "kept").Guarded();
        await lambda.KillAsync(lambda.Environments[0].Id).Guarded();
        await lambda.InvokeAsync(Steps(Look)).Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "nothing there").Guarded();
    }

    [Fact]
    public async Task It_is_full_at_the_size_of_the_ephemeral_storage()
    {
        await using LocalLambda lambda = await StartAsync();
        await lambda.InvokeAsync(Steps("""[{"shell":"fallocate -l 500M /tmp/fits && echo fits; rm /tmp/fits; fallocate -l 520M /tmp/no || echo full"},{"echo":1}]""")).Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "fits").Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "full").Guarded();
    }

    [Fact]
    public async Task Files_that_the_functions_variables_name_stay_visible()
    {
        string directory = Directory.CreateTempSubdirectory().FullName, file = Path.Combine(directory, "ca.crt"), lone = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "certificate\n");
        await File.WriteAllTextAsync(lone, "password\n");
        await using LocalLambda lambda = await StartAsync(("PGSSLROOTCERT", file), ("URL", $"postgres://host/db?passfile={lone}&x=1"));
        await lambda.InvokeAsync(Steps($$"""[{"shell":"cat {{file}} {{lone}}"},{"echo":1}]""")).Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "certificate").Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "password").Guarded();
        // As a rotation does: another file by the same name.
        await File.WriteAllTextAsync(file + ".new", "renewed\n");
        File.Move(file + ".new", file, overwrite: true);
        await lambda.InvokeAsync(Steps($$"""[{"shell":"cat {{file}}"},{"echo":1}]""")).Guarded();
        await lambda.WaitForLogAsync(line => line.Text == "renewed").Guarded();
        Directory.Delete(directory, recursive: true);
        File.Delete(lone);
    }

    [Fact]
    public async Task Without_mounts_each_environment_gets_a_directory_that_goes_with_it()
    {
        string parent = Directory.CreateTempSubdirectory().FullName, directory = Path.Combine(parent, "environment");
        using (var space = new EnvironmentSpace(null, null, new TmpDirectory(directory)))
        using (var monitor = new ProcessMonitor())
        {
            var told = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously); // not on the monitor's own thread, which ends below
            space.Start(monitor, new SpawnRequest { File = "/bin/sh", Arguments = ["-c", "echo x > $TMPDIR/file; echo $TMPDIR"], OutputLine = told.SetResult });
            Assert.Equal(directory, await told.Task.Guarded());
            Assert.True(File.Exists(Path.Combine(directory, "file")));
        }
        Assert.False(Directory.Exists(directory));
        Directory.Delete(parent);
    }

    private static async Task<LocalLambda> StartAsync(params (string Name, string Value)[] variables)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a /tmp of its own takes root");
        return await LocalLambda.StartAsync(Options(null, variables) with { EphemeralStorageMb = 512, MemorySizeMb = 1024 });
    }
}
