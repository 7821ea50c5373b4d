using System.Collections.Concurrent;
using System.Text.Json;
using NativeLambda.IntegrationTests.Emulator;

namespace NativeLambda.IntegrationTests.Dashboard.Browsing;

/// <summary>A page of the browser, used as a person does: by mouse and keyboard, and looked at by script.</summary>
internal sealed class Page(DevTools tools, string session)
{
    private static readonly Dictionary<string, int> Keys = new()
    {
        ["Tab"] = 9, ["Enter"] = 13, [" "] = 32, ["ArrowLeft"] = 37, ["ArrowUp"] = 38, ["ArrowRight"] = 39, ["ArrowDown"] = 40,
        ["Home"] = 36, ["End"] = 35, ["Backspace"] = 8,
    };

    /// <summary>What the console was told as an error, and exceptions that nobody caught.</summary>
    public ConcurrentQueue<string> Errors { get; } = new();

    /// <summary>The addresses of all requests.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public async Task EnableAsync()
    {
        tools.Listen(session, Hear);
        foreach (string domain in new[] { "Page", "Runtime", "Network", "Log" }) await SendAsync($"{domain}.enable");
        await SendAsync("Performance.enable", new { timeDomain = "threadTicks" });
        await SetViewportAsync(1280, 900);
    }

    public async Task GoToAsync(Uri address)
    {
        await SendAsync("Page.navigate", new { url = address.ToString() });
        await WaitForAsync("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /// <summary>The value of an expression, which may be a promise.</summary>
    public async Task<JsonElement> EvaluateAsync(string expression)
    {
        JsonElement answer = await SendAsync(
            "Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true, userGesture = true });
        if (answer.TryGetProperty("exceptionDetails", out JsonElement exception))
            throw new InvalidOperationException($"{expression}: {exception}");
        JsonElement result = answer.GetProperty("result");
        return result.TryGetProperty("value", out JsonElement value) ? value : default;
    }

    public async Task<string> TextAsync(string selector) =>
        (await EvaluateAsync($"document.querySelector({Quote(selector)}).innerText")).GetString()!;

    /// <summary>Waits until an expression is true.</summary>
    public async Task WaitForAsync(string condition)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            // In the page, frame by frame; in pieces, for a navigation ends what waits there.
            JsonElement met = await EvaluateAsync(
                $$"""
                new Promise((resolve) => {
                  const end = performance.now() + 500;
                  const look = () => {
                    if ({{condition}}) resolve(true);
                    else if (performance.now() > end) resolve(false);
                    else setTimeout(look, 10);
                  };
                  look();
                })
                """);
            if (met.ValueKind == JsonValueKind.True) return;
            if (TimeProvider.System.GetElapsedTime(start) > LambdaFixtures.Guard)
                Assert.Fail($"not after {LambdaFixtures.Guard}: {condition}; the page says: {await EvaluateAsync("document.body.innerText")}");
        }
    }

    /// <summary>Clicks with the mouse in the middle of an element, which must be there to be hit.</summary>
    public async Task ClickAsync(string selector)
    {
        JsonElement point = await EvaluateAsync(
            $$"""
            (() => {
              const element = document.querySelector({{Quote(selector)}});
              element.scrollIntoView({ block: 'center', inline: 'center' });
              const box = element.getBoundingClientRect();
              const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
              const hit = document.elementFromPoint(x, y);
              return { x, y, hit: element === hit || element.contains(hit) };
            })()
            """);
        Assert.True(point.GetProperty("hit").GetBoolean(), $"{selector} is covered");
        foreach (string type in new[] { "mousePressed", "mouseReleased" })
            await SendAsync(
                "Input.dispatchMouseEvent",
                new { type, x = point.GetProperty("x").GetDouble(), y = point.GetProperty("y").GetDouble(), button = "left", clickCount = 1 });
    }

    public async Task PressAsync(string key, bool shift = false)
    {
        string? text = key switch { "Enter" => "\r", " " => " ", _ => null };
        foreach (string type in new[] { text is null ? "rawKeyDown" : "keyDown", "keyUp" })
        {
            var parameters = new Dictionary<string, object>
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = key == " " ? "Space" : key,
                ["windowsVirtualKeyCode"] = Keys[key],
                ["modifiers"] = shift ? 8 : 0,
            };
            if (type == "keyDown") parameters["text"] = text!;
            await SendAsync("Input.dispatchKeyEvent", parameters);
        }
    }

    /// <summary>Types into what has the focus.</summary>
    public Task TypeAsync(string text) => SendAsync("Input.insertText", new { text });

    public Task SetViewportAsync(int width, int height, bool phone = false, double scale = 1) => SendAsync(
        "Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = scale, mobile = phone });

    /// <summary>Touch instead of a mouse.</summary>
    public Task UseTouchAsync() => SendAsync("Emulation.setTouchEmulationEnabled", new { enabled = true, maxTouchPoints = 5 });

    public Task PreferAsync(params (string Name, string Value)[] features) => SendAsync(
        "Emulation.setEmulatedMedia", new { features = features.Select(static feature => new { name = feature.Name, value = feature.Value }) });

    /// <summary>
    /// What the page has cost since it was opened. Names as in Chromium's Performance domain, durations in seconds of the main thread's own
    /// processor time: other work on the machine does not count.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, double>> MeasureAsync()
    {
        JsonElement answer = await SendAsync("Performance.getMetrics");
        return answer.GetProperty("metrics").EnumerateArray()
            .ToDictionary(static metric => metric.GetProperty("name").GetString()!, static metric => metric.GetProperty("value").GetDouble());
    }

    /// <summary>A picture of the viewport, or of the whole page, as PNG.</summary>
    public async Task<byte[]> ScreenshotAsync(bool whole = false)
    {
        JsonElement answer = await SendAsync("Page.captureScreenshot", new { format = "png", captureBeyondViewport = whole, optimizeForSpeed = false });
        return answer.GetProperty("data").GetBytesFromBase64();
    }

    public static string Quote(string text) => JsonSerializer.Serialize(text);

    private Task<JsonElement> SendAsync(string method, object? parameters = null) => tools.SendAsync(method, parameters, session);

    private void Hear(string method, JsonElement parameters)
    {
        switch (method)
        {
            case "Network.requestWillBeSent":
                Requests.Enqueue(parameters.GetProperty("request").GetProperty("url").GetString()!);
                break;
            case "Runtime.exceptionThrown":
                Errors.Enqueue(parameters.GetProperty("exceptionDetails").ToString());
                break;
            case "Runtime.consoleAPICalled" when parameters.GetProperty("type").GetString() is "error" or "warning" or "assert":
                Errors.Enqueue(parameters.GetProperty("args").ToString());
                break;
            case "Log.entryAdded" when parameters.GetProperty("entry").GetProperty("level").GetString() is "error" or "warning":
                Errors.Enqueue(parameters.GetProperty("entry").ToString());
                break;
        }
    }
}
