using System.Text;
using NativeLambda.Configuration;
using NativeLambda.Gateway.Access.Keys;
using NativeLambda.Gateway.Access.Limits;
using NativeLambda.Gateway.Configuration;
using NativeLambda.Gateway.Lambda;
using NativeLambda.Gateway.Operation.Logging;
using NativeLambda.Gateway.Routing;
using NativeLambda.Payloads;

namespace NativeLambda.Gateway.Tests.Configuration;

public sealed class GatewayFileTests
{
    /// <summary>A file in which every setting stands.</summary>
    internal const string Whole = """
        {
          // a comment, and a trailing comma below
          "$schema": "./gateway.schema.json",
          "listeners": [
            { "url": "http://127.0.0.1:8081" },
            { "url": "https://*:8443", "certificate": "tls/cert.pem", "key": "tls/key.pem", "passwordFile": "tls/password" },
            { "url": "unix:gateway.sock", "mode": "0600" },
          ],
          "management": { "address": "127.0.0.2", "port": 9191, "prometheus": false },
          "lambda": {
            "region": "eu-central-1", "endpoint": "http://127.0.0.1:9001", "profile": "p", "caBundle": "ca.pem", "protocol": "http2", "connectTimeout": 1.5,
            "connectionLifetime": 60, "connectionIdle": 20, "maxConnections": 50, "maxResult": 1000000, "maxRetries": 2, "retryDelay": 0.1,
            "retryBudget": 2, "breakDuration": 4
          },
          "accountId": "123456789012", "apiId": "api1", "maxInFlight": 500, "trustedProxies": [ "10.0.0.0/8", "2001:db8::1" ],
          "stages": [ { "name": "$default" }, { "name": "prod", "variables": { "color": "blue" } } ],
          "defaults": { "timeout": 10, "payload": "1.0", "maxBody": 1000, "invoke": "sync", "decodePath": false },
          "routes": [
            {
              "route": "GET /products/{id}", "hosts": [ "api.example.com", "*.Example.org" ], "function": "products", "qualifier": "live",
              "payload": "2.0", "invoke": "stream", "timeout": 0.5, "maxBody": 2000, "decodePath": true,
              "apiKeys": [ "partner" ], "authorizer": "users", "scopes": [ "read", "write" ],
              "rate": { "perSecond": 10.5, "burst": 20 }, "concurrency": { "requests": 5, "queue": 3 }
            },
            { "route": "POST /jobs", "function": "123456789012:function:jobs:7", "invoke": "event" },
            { "route": "$default", "function": "arn:aws:lambda:eu-central-1:123456789012:function:rest" }
          ],
          "cors": {
            "allowOrigins": [ "https://www.example.com" ], "allowMethods": [ "GET" ], "allowHeaders": [ "x-a" ], "exposeHeaders": [ "x-b" ],
            "maxAge": 300, "allowCredentials": true
          },
          "apiKeys": [
            { "name": "partner", "sha256": "0000000000000000000000000000000000000000000000000000000000000000" },
            { "name": "path", "env": "NATIVELAMBDA_TEST_KEY" }, { "name": "file", "file": "key" }
          ],
          "authorizers": [
            {
              "name": "users", "issuer": "https://issuer.example.com/", "audiences": [ "a", "b" ], "identitySource": "$request.querystring.token",
              "clockSkew": 5, "allowInsecureIssuer": true
            }
          ],
          "accessLog": { "file": "access.log", "fields": [ "time", "requestId", "durationMs" ] },
          "drain": { "delay": 2, "timeout": 12 }
        }
        """;

    [Fact]
    public void Every_setting_is_read()
    {
        using var folder = new TemporaryFolder();
        GatewayConfiguration configuration = ReadWhole(folder);
        Assert.Equal(["http://127.0.0.1:8081", "https://[::]:8443", $"unix:{folder.At("gateway.sock")}"], configuration.Listeners.Select(listener => listener.ToString()));
        Assert.Equal((folder.At("tls/cert.pem"), folder.At("tls/key.pem"), folder.At("tls/password")), (configuration.Listeners[1].Tls!.Certificate, configuration.Listeners[1].Tls!.Key, configuration.Listeners[1].Tls!.PasswordFile));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, configuration.Listeners[2].UnixSocket!.Mode);
        Assert.Equal(("127.0.0.2", 9191, false), (configuration.Operation.Management!.Address.ToString(), configuration.Operation.Management.Port, configuration.Operation.Management.Prometheus));
        var lambda = new LambdaClientOptions
        {
            Region = "eu-central-1", Endpoint = new Uri("http://127.0.0.1:9001"), Profile = "p", CaBundle = folder.At("ca.pem"), Protocol = LambdaProtocol.Http2,
            ConnectTimeout = TimeSpan.FromSeconds(1.5), ConnectionLifetime = TimeSpan.FromSeconds(60), ConnectionIdle = TimeSpan.FromSeconds(20), MaxConnections = 50,
            MaxResultBytes = 1_000_000, MaxRetries = 2, RetryDelay = TimeSpan.FromSeconds(0.1), RetryBudget = TimeSpan.FromSeconds(2), BreakDuration = TimeSpan.FromSeconds(4),
        };
        Assert.Equal(lambda, configuration.Lambda);
        Assert.Equal(("123456789012", "api1", 500), (configuration.AccountId, configuration.ApiId, configuration.Access.MaxInFlight));
        Assert.Equal(["10.0.0.0/8", "2001:db8::1/128"], configuration.TrustedProxies.Select(static network => network.ToString()));
        Assert.Equal(("$default", "prod", "blue"), (configuration.Stages[0].Name, configuration.Stages[1].Name, configuration.Stages[1].Variables["color"]));
        Assert.Equal(["partner", "path", "file"], configuration.Access.ApiKeys.Select(key => key.Name));
        Assert.Equal(new ApiKeySource("file", File: folder.At("key")), configuration.Access.ApiKeys[2]);
        Assert.Equal(("users", "https://issuer.example.com/", "$request.querystring.token", 5, true), (configuration.Access.Authorizers[0].Name, configuration.Access.Authorizers[0].Issuer.OriginalString,
            configuration.Access.Authorizers[0].IdentitySource, configuration.Access.Authorizers[0].ClockSkew.TotalSeconds, configuration.Access.Authorizers[0].AllowInsecureIssuer));
        Assert.Equal(["a", "b"], configuration.Access.Authorizers[0].Audiences);
        Assert.Equal(("https://www.example.com", "GET", "x-a", "x-b", 300, true), (configuration.Access.Cors!.AllowOrigins[0], configuration.Access.Cors.AllowMethods[0],
            configuration.Access.Cors.AllowHeaders[0], configuration.Access.Cors.ExposeHeaders[0], configuration.Access.Cors.MaxAge!.Value.TotalSeconds, configuration.Access.Cors.AllowCredentials));
        Assert.Equal(folder.At("access.log"), configuration.Operation.AccessLog!.File);
        Assert.Equal([AccessLogField.Time, AccessLogField.RequestId, AccessLogField.DurationMs], configuration.Operation.AccessLog.Fields);
        Assert.Equal((2, 12), (configuration.Operation.Drain.Delay.TotalSeconds, configuration.Operation.Drain.Timeout.TotalSeconds));
    }

    [Fact]
    public void A_route_says_itself_what_it_does_not_take_from_the_defaults()
    {
        using var folder = new TemporaryFolder();
        IReadOnlyList<Route> routes = ReadWhole(folder).Routes;
        Route product = routes[0];
        Assert.Equal(("GET /products/{id}", "products", "live", PayloadFormat.Version2, InvokeMode.Stream), (product.Key.Text, product.Function, product.Qualifier, product.Format, product.Mode));
        Assert.Equal((0.5, 2000, true), (product.Timeout.TotalSeconds, product.MaxBody, product.DecodePath));
        Assert.Equal(["api.example.com", "*.example.org"], product.Hosts);
        Assert.Equal((new RateLimitOptions(10.5, 20), new ConcurrencyLimitOptions(5, 3)), (product.Access.Rate, product.Access.Concurrency));
        Assert.Equal("users partner read write", $"{product.Access.Authorizer} {string.Join(' ', product.Access.ApiKeys!)} {string.Join(' ', product.Access.Scopes)}");
        Assert.Equal((InvokeMode.Event, PayloadFormat.Version1, 10, 1000, false), (routes[1].Mode, routes[1].Format, routes[1].Timeout.TotalSeconds, routes[1].MaxBody, routes[1].DecodePath));
        Assert.Null(routes[2].Access.ApiKeys);
    }

    [Fact]
    public void The_least_that_must_be_said_is_a_route()
    {
        GatewayConfiguration configuration = Read("""{ "routes": [ { "route": "$default", "function": "f" } ] }""");
        Assert.Equal("http://127.0.0.1:8080", Assert.Single(configuration.Listeners).ToString());
        Assert.Equal((30, Route.MaxSyncEvent, PayloadFormat.Version2, InvokeMode.Sync, true), (configuration.Routes[0].Timeout.TotalSeconds, configuration.Routes[0].MaxBody,
            configuration.Routes[0].Format, configuration.Routes[0].Mode, configuration.Routes[0].DecodePath));
        Assert.NotNull(configuration.Operation.Management);
        Assert.NotNull(configuration.Operation.AccessLog);
        Assert.Equal("$default", Assert.Single(configuration.Stages).Name);
    }

    [Fact]
    public void Management_and_the_access_log_can_be_switched_off()
    {
        GatewayConfiguration configuration = Read("""{ "management": false, "accessLog": false, "routes": [ { "route": "$default", "function": "f" } ] }""");
        Assert.Null(configuration.Operation.Management);
        Assert.Null(configuration.Operation.AccessLog);
    }

    [Fact]
    public void A_body_for_the_queue_has_Lambda_s_smaller_limit() =>
        Assert.Equal(Route.MaxQueuedEvent, Read("""{ "routes": [ { "route": "$default", "function": "f", "invoke": "event" } ] }""").Routes[0].MaxBody);

    [Theory]
    [InlineData("\"route\": \"GET /a/\", \"function\": \"f\"", "routes[0].route: a path does not end with /")]
    [InlineData("\"route\": \"\", \"function\": \"f\"", "routes[0].route: name a method and a path")]
    [InlineData("\"function\": \"f\"", "routes[0]: \"route\" is missing")]
    [InlineData("\"route\": \"$default\"", "routes[0]: \"function\" is missing")]
    [InlineData("\"route\": \"$default\", \"function\": \"\"", "routes[0].function: name a function")]
    [InlineData("\"route\": \"$default\", \"function\": \"a b\"", "routes[0].function: this is no function: give its name")]
    [InlineData("\"route\": \"$default\", \"function\": \"arn:aws:lambda:eu-central-1:1:function:f\"", "routes[0].function: this is no function")]
    [InlineData("\"route\": \"$default\", \"function\": \"f:live\", \"qualifier\": \"7\"", "routes[0].qualifier: \"function\" already names")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"qualifier\": \"a b\"", "routes[0].qualifier: a version's number, an alias or $LATEST is expected")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"timeout\": 901", "routes[0].timeout: 901 is out of its range: 0.001 to 900")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"timeout\": \"30s\"", "routes[0].timeout: a number is expected, not a text")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"maxBody\": 6291457", "routes[0].maxBody: 6291457 is out of its range: 0 to 6291456")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"invoke\": \"event\", \"maxBody\": 1048577", "routes[0].maxBody: 1048577 is out of its range: 0 to 1048576")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"invoke\": \"async\"", "routes[0].invoke: one of sync, event, stream is expected")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"payload\": \"3.0\"", "routes[0].payload: one of 2.0, 1.0, function-url, alb, alb-multi-value is expected")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"hosts\": [ \"a b\" ]", "routes[0].hosts[0]: a host is expected")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"hosts\": [ \"a.example.com:80\" ]", "routes[0].hosts[0]: a host is expected")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"rate\": { \"perSecond\": 0, \"burst\": 1 }", "routes[0].rate.perSecond: 0 is out of its range")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"rate\": { \"perSecond\": 1 }", "routes[0].rate: \"burst\" is missing")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"authorizer\": \"x\"", "routes[0].authorizer: there is no authorizer named x; there are none")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"scopes\": [ \"x\" ]", "routes[0].scopes: only an authorizer can check scopes")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"apiKeys\": []", "routes[0].apiKeys: there is no API key")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"timeuot\": 3", "routes[0].timeuot: there is no such setting: timeout?")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"max-body\": 3", "routes[0].max-body: there is no such setting: maxBody?")]
    [InlineData("\"route\": \"$default\", \"function\": \"f\", \"colour\": 3", "routes[0].colour: there is no such setting; there are ")]
    public void A_mistake_in_a_route_is_told_with_its_line_and_its_path(string route, string message) => CheckMistake($"{{\n\"routes\": [\n{{ {route} }} ] }}", 3, message);

    [Theory]
    [InlineData("\"listeners\": [ { \"url\": \"127.0.0.1:8080\" } ]", "listeners[0].url: an address is expected")]
    [InlineData("\"listeners\": [ { \"url\": \"http://127.0.0.1:70000\" } ]", "listeners[0].url: an address is expected")]
    [InlineData("\"listeners\": [ { \"url\": \"http://www.example.com:80\" } ]", "listeners[0].url: an IP address of this machine is expected")]
    [InlineData("\"listeners\": [ { \"url\": \"https://*:8443\" } ]", "listeners[0].url: https:// needs \"certificate\"")]
    [InlineData("\"listeners\": [ { \"url\": \"http://*:80\", \"certificate\": \"c\" } ]", "listeners[0].certificate: only https:// shows a certificate")]
    [InlineData("\"listeners\": [ { \"url\": \"unix:a\", \"mode\": \"0999\" } ]", "listeners[0].mode: octal digits are expected")]
    [InlineData("\"listeners\": []", "listeners: it is empty")]
    [InlineData("\"trustedProxies\": [ \"10.0.0.1/33\" ]", "trustedProxies[0]: an address or a network is expected")]
    [InlineData("\"lambda\": { \"endpoint\": \"127.0.0.1:9001\" }", "lambda.endpoint: an endpoint is a URL")]
    [InlineData("\"lambda\": { \"protocol\": \"h2\" }", "lambda.protocol: one of http1, http2 is expected")]
    [InlineData("\"stages\": [ { \"name\": \"a/b\" } ]", "stages[0].name: letters, digits, - and _")]
    [InlineData("\"stages\": [ { \"name\": \"a\" }, { \"name\": \"a\" } ]", "stages[1].name: another stage is named a")]
    [InlineData("\"cors\": { \"allowOrigins\": [ \"*\" ], \"allowCredentials\": true }", "cors.allowCredentials: credentials are not allowed together with the origin *")]
    [InlineData("\"cors\": { \"allowOrigins\": [ \"www.example.com\" ] }", "cors.allowOrigins: \"www.example.com\" is no origin")]
    [InlineData("\"apiKeys\": [ { \"name\": \"a\" } ]", "apiKeys[0]: give exactly one of sha256, env and file")]
    [InlineData("\"apiKeys\": [ { \"name\": \"a\", \"env\": \"NATIVELAMBDA_ABSENT\" } ]", "apiKeys[0].env: the environment variable NATIVELAMBDA_ABSENT holds no key")]
    [InlineData("\"authorizers\": [ { \"name\": \"a\", \"issuer\": \"x\", \"audiences\": [ \"b\" ] } ]", "authorizers[0].issuer: the issuer's URL is expected")]
    [InlineData("\"authorizers\": [ { \"name\": \"a\", \"issuer\": \"https://x\" } ]", "authorizers[0]: name at least one audience")]
    [InlineData("\"accessLog\": { \"fields\": [ \"ip\" ] }", "accessLog.fields[0]: one of time, requestId, ")]
    [InlineData("\"management\": { \"address\": \"here\" }", "management.address: an IP address of this machine is expected")]
    [InlineData("\"routs\": []", "routs: there is no such setting: routes?")]
    public void A_mistake_elsewhere_is_told_with_its_line_and_its_path(string setting, string message) =>
        CheckMistake($"{{\n\n{setting},\n\"routes\": [ {{ \"route\": \"$default\", \"function\": \"f\" }} ] }}", 3, message);

    [Theory]
    [InlineData("GET /a", "GET /a")]
    [InlineData("GET /a/{x}", "GET /a/{y}")]
    [InlineData("/{x+}", "ANY /{y+}")]
    [InlineData("$default", "$default")]
    public void Two_routes_for_the_same_requests_are_a_mistake(string one, string other) => CheckMistake(
        $"{{ \"routes\": [ {{ \"route\": \"{one}\", \"function\": \"f\" }},\n{{ \"route\": \"{other}\", \"function\": \"g\" }} ] }}", 2, "routes[1].route: another route is ");

    [Fact]
    public void A_function_may_have_variables_of_the_stage_in_its_name()
    {
        Route route = Read("""
            {
              "stages": [ { "name": "$default", "variables": { "f": "shop", "alias": "live" } }, { "name": "test", "variables": { "f": "shop-test", "alias": "7" } } ],
              "routes": [ { "route": "$default", "function": "${stageVariables.f}:${stageVariables.alias}" } ]
            }
            """).Routes[0];
        Assert.Equal(("shop:live", "shop-test:7"), (route.Functions!["$default"], route.Functions["test"]));
    }

    [Theory]
    [InlineData("${stageVariables.nothing}", "the stage $default has no variable nothing")]
    [InlineData("${stageVariables.wrong}", "in the stage $default it is \"a b\": this is no function")]
    [InlineData("f-${stage.x}", "in the stage $default it is \"f-${stage.x}\": this is no function")]
    [InlineData("${stageVariables.wrong", "in the stage $default it is \"${stageVariables.wrong\": this is no function")]
    public void Variables_that_make_no_function_are_a_mistake(string function, string message) => CheckMistake(
        $"{{ \"stages\": [ {{ \"name\": \"$default\", \"variables\": {{ \"wrong\": \"a b\" }} }} ],\n\"routes\": [ {{ \"route\": \"$default\", \"function\": \"{function}\" }} ] }}",
        2, $"routes[0].function: {message}");

    [Fact]
    public void All_mistakes_are_told_at_once_in_their_order()
    {
        string[] told = Mistakes("""
            {
              "colour": 1,
              "routes": [
                { "route": "GET /a/", "function": "a b", "timeout": 1000 }
              ],
              "lambda": { "maxRetries": -1 }
            }
            """).Split('\n');
        Assert.Equal(
            ["/srv/gateway.json:2:13: colour", "/srv/gateway.json:4:16: routes[0].route", "/srv/gateway.json:4:39: routes[0].function", "/srv/gateway.json:4:57: routes[0].timeout", "/srv/gateway.json:6:29: lambda.maxRetries"],
            told.Select(line => line[..line.IndexOf(": ", line.IndexOf(": ", StringComparison.Ordinal) + 2, StringComparison.Ordinal)]));
    }

    [Fact]
    public void No_message_repeats_a_value_that_may_be_secret()
    {
        string told = Mistakes("""{ "apiKeys": [ { "name": "a", "sha256": "s3cret", "value": "s3cret" } ], "routes": [ { "route": "$default", "function": "f" } ] }""");
        Assert.DoesNotContain("s3cret", told, StringComparison.Ordinal);
    }

    internal static GatewayConfiguration Read(string text, string file = "/srv/gateway.json") => Read(text, new ConfigFile(file, collects: true));

    internal static GatewayConfiguration Read(string text, ConfigFile file) => GatewayFile.Read(file, ConfigParser.Parse(file.Name, Encoding.UTF8.GetBytes(text), trailingCommas: true));

    internal static GatewayConfiguration ReadWhole(TemporaryFolder folder, ConfigFile? file = null)
    {
        File.WriteAllText(folder.At("key"), "0123456789012345678901234");
#pragma warning disable RS0030 // Managed code reads it, in this process.
        Environment.SetEnvironmentVariable("NATIVELAMBDA_TEST_KEY", "0123456789012345678901234");
#pragma warning restore RS0030
        return Read(Whole, file ?? new ConfigFile(folder.At("gateway.json"), collects: true));
    }

    private static string Mistakes(string text) => Assert.Throws<ConfigurationException>(() => Read(text)).Message;

    private static void CheckMistake(string text, int line, string message)
    {
        string told = Mistakes(text);
        Assert.StartsWith($"/srv/gateway.json:{line}:", told, StringComparison.Ordinal);
        Assert.Contains(": " + message, told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
    }
}
