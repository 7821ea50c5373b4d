using NativeLambda.IntegrationTests.Dashboard.Browsing;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>A browser that the tests start ends with them.</summary>
public sealed class BrowserEndTests
{
    [Fact]
    public async Task Once_it_is_disposed_of_neither_a_process_nor_a_file_is_left()
    {
        string directory;
        await using (Chromium browser = await Chromium.StartAsync())
        {
            directory = browser.FilesDirectory;
            await browser.OpenAsync();
            Assert.Contains(ProcessesOf(directory), id => id == browser.ProcessGroup);
            Assert.True(Directory.Exists(directory));
        }
        await Fixtures.Eventually.IsTrueAsync(() => Task.FromResult(!ProcessesOf(directory).Any()));
        Assert.False(Directory.Exists(directory));
    }

    /// <summary>The processes that have the directory in their environment, whatever their session: it is handed down.</summary>
    private static IEnumerable<int> ProcessesOf(string directory)
    {
        foreach (string process in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(process), out int id) && HasInEnvironment(process, $"TMPDIR={directory}"))
                yield return id;
    }

    private static bool HasInEnvironment(string process, string variable)
    {
        try
        {
            return File.ReadAllText($"{process}/environ").Split('\0').Contains(variable);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // it has ended, or is another user's
        }
    }
}
