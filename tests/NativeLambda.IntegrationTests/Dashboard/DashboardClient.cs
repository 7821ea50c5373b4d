using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using NativeLambda.Emulator;
using NativeLambda.IntegrationTests.Emulator;

namespace NativeLambda.IntegrationTests.Dashboard;

/// <summary>The dashboard's API as a program uses it.</summary>
internal sealed class DashboardClient(LocalLambda lambda) : IDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = lambda.DashboardUrl!, Timeout = LambdaFixtures.Guard };

    public async Task<(int Status, JsonElement Body)> PostAsync(string path, string body = "{}", Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative))
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        change?.Invoke(request);
        using HttpResponseMessage response = await Http.SendAsync(request);
        return ((int)response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }

    public async Task<JsonElement> PostOkAsync(string path, string body = "{}")
    {
        (int status, JsonElement answer) = await PostAsync(path, body);
        Assert.True(status == 200, answer.ToString());
        return answer;
    }

    public async Task<JsonElement> StateAsync() =>
        JsonSerializer.Deserialize<JsonElement>(await Http.GetStringAsync(new Uri("/api/state", UriKind.Relative)));

    /// <summary>The environments as the dashboard shows them, dead ones included.</summary>
    public async Task<JsonElement[]> EnvironmentsAsync() => [.. (await StateAsync()).GetProperty("environments").EnumerateArray()];

    public async Task<JsonElement> EnvironmentAsync(string id) =>
        (await EnvironmentsAsync()).Single(environment => environment.GetProperty("id").GetString() == id);

    public async Task<string?> PhaseAsync(string id) => (await EnvironmentAsync(id)).GetProperty("phase").GetString();

    public void Dispose() => Http.Dispose();
}
