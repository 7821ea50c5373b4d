using System.Collections.Concurrent;
using System.Net.Sockets;
using NativeLambda.Gateway.Lambda.Http;

namespace NativeLambda.Gateway.Lambda.Http1;

/// <summary>
/// A pool of connections of HTTP/1.1, as small as Invoke needs it: it reads answers more strictly than the general client does. Each
/// request is sent once: what went out on a connection that breaks may have reached the function.
/// </summary>
internal sealed class Http1Transport : IInvokeTransport
{
    private readonly ConcurrentStack<Http1Connection> _idle = new(); // the one that was used last is used next, so that others can end
    private readonly SemaphoreSlim _free;
    private readonly Connector _connector;
    private readonly LambdaEndpoint _endpoint;
    private readonly LambdaClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;
    private volatile bool _disposed;

    public Http1Transport(LambdaEndpoint endpoint, LambdaClientOptions options, TimeProvider time)
    {
        (_endpoint, _options, _time) = (endpoint, options, time);
        _free = new SemaphoreSlim(options.MaxConnections);
        _connector = new Connector(endpoint, options.ConnectTimeout, ServerTrust.Read(options.CaBundle), time);
        TimeSpan period = options.ConnectionIdle / 2;
        _sweeper = time.CreateTimer(static transport => ((Http1Transport)transport!).Sweep(), this, period, period);
    }

    public async Task<InvokeAnswer> SendAsync(InvokeRequest request, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation);
        Http1Connection? connection = null;
        try
        {
            connection = TakeIdle() ?? await _connector.ConnectAsync(cancellation);
            InvokeAnswer answer = await connection.SendAsync(request, _options.MaxResultBytes, cancellation);
            Return(connection);
            connection = null;
            return answer;
        }
        catch (Exception exception) when (exception is not (LambdaUnreachableException or OperationCanceledException))
        {
            throw Failure(exception);
        }
        finally
        {
            connection?.Dispose();
            _free.Release();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _sweeper.Dispose();
        while (_idle.TryPop(out Http1Connection? connection)) connection.Dispose();
    }

    private Http1Connection? TakeIdle()
    {
        while (_idle.TryPop(out Http1Connection? connection))
        {
            if (!IsOld(connection) && connection.IsQuiet) return connection;
            connection.Dispose();
        }
        return null;
    }

    private void Return(Http1Connection connection)
    {
        if (!connection.IsReusable || _disposed)
        {
            connection.Dispose();
            return;
        }
        connection.Idle = _time.GetTimestamp();
        _idle.Push(connection);
        if (_disposed && _idle.TryPop(out Http1Connection? late)) late.Dispose();
    }

    /// <summary>Ends connections that have been idle for too long.</summary>
    private void Sweep()
    {
        var kept = new Stack<Http1Connection>();
        while (_idle.TryPop(out Http1Connection? connection))
        {
            if (IsOld(connection) || !connection.IsQuiet) connection.Dispose();
            else kept.Push(connection);
        }
        foreach (Http1Connection connection in kept) _idle.Push(connection);
        if (_disposed) Dispose();
    }

    private bool IsOld(Http1Connection connection) =>
        _time.GetElapsedTime(connection.Opened) > _options.ConnectionLifetime || _time.GetElapsedTime(connection.Idle) > _options.ConnectionIdle;

    private Exception Failure(Exception exception) => exception switch
    {
        BodyTooLargeException => new LambdaResultTooLargeException($"it has more than {_options.MaxResultBytes} bytes (lambda.maxResult)", exception),
        FormatException => new LambdaUnreachableException($"{_endpoint.Host} gave no answer that can be read: {exception.Message}", exception),
        EndOfStreamException => new LambdaUnreachableException($"{_endpoint.Host} closed the connection before its answer was whole.", exception),
        _ => new LambdaUnreachableException($"The connection to {_endpoint.Host} broke: {(exception.InnerException as SocketException)?.SocketErrorCode.ToString() ?? exception.GetType().Name}", exception),
    };
}
