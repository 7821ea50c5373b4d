using System.Globalization;
using System.Net.Sockets;
using System.Net;
using System.Text;
using NativeLambda.Runtime.Http1;
using NativeLambda.Runtime;
using NativeLambda.Settings;

namespace NativeLambda.Database.Credentials;

/// <summary>The AWS Parameters and Secrets Lambda Extension, which listens on loopback. One connection for each question.</summary>
/// <remarks>
/// Source: <see href="https://docs.aws.amazon.com/lambda/latest/dg/with-secrets-manager.html">Lambda, Secrets Manager secrets</see>.
/// </remarks>
internal sealed class SecretsExtension(int port, VariableReader variables)
{
    private const string NotReady = "not ready to serve traffic";
    private const int LongestQuote = 300;

    private static readonly Http1Limits Limits = new() { MaxBodyBytes = 1024 * 1024 };

    /// <summary>Where it listens, for messages.</summary>
    public string Authority { get; } = string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");

    /// <summary>Asks for a secret.</summary>
    /// <param name="secretId">Its name or ARN.</param>
    /// <param name="refresh">Whether to go past the cache of the extension.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The secret, or <see langword="null"/> while the extension is not ready.</returns>
    /// <exception cref="CredentialException">There is no answer, or another one than the secret.</exception>
    public async ValueTask<SecretValue?> TryGetAsync(string secretId, bool refresh, CancellationToken cancellationToken)
    {
        string path = "/secretsmanager/get?secretId=" + Uri.EscapeDataString(secretId);

        // The guide to the Lambda extension names the stage; refreshNow is documented for the Secrets Manager Agent, which serves the
        // same interface. An extension that refuses what it does not know is asked without.
        string current = path + "&versionStage=AWSCURRENT";
        (int status, ByteBuffer body) = await AskAsync(refresh ? current + "&refreshNow=true" : path, cancellationToken);
        if (refresh && status == (int)HttpStatusCode.BadRequest && !SaysNotReady(body))
            (status, body) = await AskAsync(current, cancellationToken);

        if (status == (int)HttpStatusCode.OK)
            return SecretValue.Read(body.WrittenSpan, secretId);
        return status == (int)HttpStatusCode.BadRequest && SaysNotReady(body) ? null : throw Refusal(secretId, status, body);
    }

    private async ValueTask<(int Status, ByteBuffer Body)> AskAsync(string path, CancellationToken cancellationToken)
    {
        byte[] request = Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {Authority}\r\nX-Aws-Parameters-Secrets-Token: {ReadToken()}\r\nConnection: close\r\n\r\n");
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancellationToken);
            for (int sent = 0; sent < request.Length;)
                sent += await socket.SendAsync(request.AsMemory(sent), cancellationToken);
            return await ReceiveAsync(socket, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new CredentialException(
                $"the Secrets extension at {Authority} cannot be reached ({exception.Message}): add the layer AWS-Parameters-and-Secrets-Lambda-Extension to the function",
                isTransient: true, exception);
        }
        catch (OperationCanceledException exception)
        {
            throw new CredentialException(
                $"the Secrets extension at {Authority} did not answer within the time: it must reach Secrets Manager, from a VPC through an endpoint or a NAT",
                isTransient: true, exception);
        }
    }

    private async ValueTask<(int Status, ByteBuffer Body)> ReceiveAsync(Socket socket, CancellationToken cancellationToken)
    {
        var parser = new Http1ResponseParser(Limits);
        var body = new ByteBuffer(firstSize: 1024);
        byte[] received = new byte[4 * 1024];
        while (true)
        {
            int count = await socket.ReceiveAsync(received, cancellationToken);
            Http1Step step = count == 0 ? parser.EndOfInput() : Feed(parser, received.AsSpan(0, count), body);
            if (step == Http1Step.Done)
                return (parser.Head.Status, body);
            if (step == Http1Step.Error)
                throw new CredentialException($"what the Secrets extension at {Authority} answered is not HTTP/1.1: {parser.Error.Describe()}", isTransient: true);
        }
    }

    private static Http1Step Feed(Http1ResponseParser parser, ReadOnlySpan<byte> input, ByteBuffer body)
    {
        while (true)
        {
            Http1Step step = parser.Advance(input, out int consumed, out ReadOnlySpan<byte> piece);
            input = input[consumed..];
            if (step == Http1Step.Body)
                body.Append(piece);
            else if (step != Http1Step.Head)
                return step;
        }
    }

    /// <summary>The session token of the function proves to the extension that it is the function that asks.</summary>
    private string ReadToken()
    {
        string token = variables.Text("AWS_SESSION_TOKEN")
            ?? throw new CredentialException("the Secrets extension cannot be asked: AWS_SESSION_TOKEN is not set, which Lambda sets to the credentials of the function's role");
        return token.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? throw new CredentialException("the Secrets extension cannot be asked: AWS_SESSION_TOKEN holds what no header can carry")
            : token;
    }

    private static bool SaysNotReady(ByteBuffer body) =>
        Encoding.ASCII.GetString(body.WrittenSpan).Contains(NotReady, StringComparison.OrdinalIgnoreCase);

    /// <summary>What it answered, and whether it may answer otherwise later. A refusal quotes no secret: it has none.</summary>
    private CredentialException Refusal(string secretId, int status, ByteBuffer body)
    {
        string text = Quote(body);
        bool isPermission = status is 401 or 403 || text.Contains("AccessDenied", StringComparison.Ordinal) || text.Contains("not authorized", StringComparison.Ordinal);
        bool isMissing = status is 404 || text.Contains("ResourceNotFound", StringComparison.Ordinal);
        string advice = isMissing ? "check NATIVELAMBDA_SECRET_ID and the Region"
            : isPermission ? "allow the function's role secretsmanager:GetSecretValue on it, and kms:Decrypt with its key"
            : "see the log of the extension";

        // Under load it answers 400 to what it answers a moment later.
        bool isTransient = !isMissing && !isPermission && (status is 400 or 408 or 429 or >= 500);
        return new CredentialException($"the Secrets extension at {Authority} answered {status} for {secretId}: {text}; {advice}", isTransient);
    }

    private static string Quote(ByteBuffer body)
    {
        ReadOnlySpan<byte> bytes = body.WrittenSpan[..Math.Min(body.Length, LongestQuote)];
        var text = new StringBuilder(bytes.Length);
        foreach (byte value in bytes)
            text.Append(value is >= (byte)' ' and <= (byte)'~' ? (char)value : ' ');
        return text.ToString().Trim();
    }
}
