namespace NativeLambda.Trials.Soak.Judging;

/// <summary>
/// Compares what the clients were told with what the tables hold. It stands outside: it knows requests, answers and rows, and nothing
/// of how they came about. Pure.
/// </summary>
internal sealed class Oracle
{
    private readonly List<Violation> _violations = [];
    private readonly DatabaseState _database;
    private readonly Dictionary<(int Product, int Quantity), List<int>> _positions = [];
    private readonly Dictionary<int, List<MovementRow>> _movements = [];
    private int _missing, _doubled, _uninvited, _unknownFound;

    private Oracle(DatabaseState database)
    {
        _database = database;
        foreach (MovementRow movement in database.Movements)
        {
            if (!_movements.TryGetValue(movement.Product, out List<MovementRow>? ofProduct))
                _movements[movement.Product] = ofProduct = [];
            ofProduct.Add(movement);
            if (!_positions.TryGetValue((movement.Product, movement.Quantity), out List<int>? positions))
                _positions[(movement.Product, movement.Quantity)] = positions = [];
            positions.Add(ofProduct.Count);
        }
    }

    public static Verdict Examine(IReadOnlyList<WriteRecord> writes, IReadOnlyList<ReadRecord> reads, DatabaseState database)
    {
        var oracle = new Oracle(database);
        oracle.CheckLedgers();
        foreach (WriteRecord write in writes)
            oracle.Check(write);
        oracle.CheckUninvited(writes);
        ILookup<int, WriteRecord> writesOf = writes.ToLookup(write => write.Product);
        ILookup<int, ReadRecord> readsOf = reads.ToLookup(read => read.Product);
        foreach (int product in database.Stocks.Keys)
            oracle.CheckSeen(product, [.. writesOf[product]], [.. readsOf[product]]);
        int Count(WriteResult result) => writes.Count(write => write.Result == result);
        return new Verdict(
            Count(WriteResult.Acknowledged), Count(WriteResult.Refused), Count(WriteResult.NotDone),
            Count(WriteResult.Unknown) + Count(WriteResult.Unfinished), oracle._unknownFound, oracle._missing, oracle._doubled,
            oracle._uninvited, reads.Count, oracle._violations);
    }

    /// <summary>The movements of each product add up to its stock, at each step and in the end, and never to less than nothing.</summary>
    private void CheckLedgers()
    {
        foreach ((int product, long stock) in _database.Stocks)
        {
            long sum = 0;
            foreach (MovementRow movement in _movements.GetValueOrDefault(product, []))
            {
                sum += movement.Quantity;
                if (movement.Stock != sum || sum < 0)
                {
                    Add($"movement {movement.Id} of p{product} left the stock {movement.Stock}, but the movements add up to {sum}");
                    sum = movement.Stock;
                }
            }

            if (sum != stock)
                Add($"the stock of p{product} is {stock}, but its movements add up to {sum}");
        }
    }

    private void Check(WriteRecord write)
    {
        List<int> found = _positions.GetValueOrDefault((write.Product, write.Quantity), []);
        if (found.Count > 1)
        {
            _doubled++;
            Add($"{found.Count} times in the database: {write}", write);
            return;
        }

        switch (write.Result)
        {
            case WriteResult.Acknowledged when found.Count == 0:
                _missing++;
                Add($"lost, though acknowledged: {write}", write);
                break;
            case WriteResult.Acknowledged:
                MovementRow row = _movements[write.Product][found[0] - 1];
                if ((row.Id, row.Stock) != (write.MovementId, write.Stock))
                    Add($"acknowledged as movement {write.MovementId} with stock {write.Stock}, but it is {row.Id} with {row.Stock}: {write}", write);
                if (write.Key is { } key && (!_database.Keys.TryGetValue(key, out long movement) || movement != row.Id))
                    Add($"its key is not remembered with it: {write}", write);
                break;
            case WriteResult.Refused or WriteResult.NotDone when found.Count == 1:
                _uninvited++;
                Add($"made, though it was said not to be: {write}", write);
                break;
            case WriteResult.Unfinished:
                Add($"repeated, but never acknowledged: {write}", write);
                _unknownFound += found.Count;
                break;
            case WriteResult.Unknown:
                _unknownFound += found.Count;
                break;
        }
    }

    private void CheckUninvited(IReadOnlyList<WriteRecord> writes)
    {
        HashSet<(int, int)> asked = [.. writes.Select(write => (write.Product, write.Quantity))];
        foreach (MovementRow movement in _database.Movements.Where(movement => !asked.Contains((movement.Product, movement.Quantity))))
        {
            _uninvited++;
            Add($"nobody asked for movement {movement.Id}: {movement.Quantity} of p{movement.Product}");
        }
    }

    /// <summary>Every stock that was read was the stock at some moment of the reading, and reads do not go back.</summary>
    private void CheckSeen(int product, IReadOnlyList<WriteRecord> writes, IReadOnlyList<ReadRecord> reads)
    {
        var located = writes
            .Select(write => (Write: write, Positions: _positions.GetValueOrDefault((product, write.Quantity))))
            .Where(found => found.Positions is { Count: 1 })
            .Select(found => (found.Write, found.Positions![0]))
            .ToList();
        var timeline = new ProductTimeline(_movements.GetValueOrDefault(product, []), located);
        // One that is there all the same has been told of already.
        foreach (WriteRecord write in writes.Where(write => write.Result == WriteResult.Refused && !_positions.ContainsKey((product, write.Quantity))))
        {
            if (!Any(timeline, timeline.Earliest(write.LastStart), timeline.Latest(write.End), stock => stock + write.Quantity < 0))
                Add($"refused, though there was enough in stock: {write}", write);
        }

        var floors = new int[reads.Count];
        int floor = 0;
        foreach ((bool isEnd, int read) in Events(reads))
        {
            ReadRecord seen = reads[read];
            if (!isEnd)
            {
                floors[read] = Math.Max(floor, timeline.Earliest(seen.Start));
                continue;
            }

            int at = floors[read];
            int latest = timeline.Latest(seen.End);
            while (at <= latest && timeline.StockAfter(at) != seen.Stock)
                at++;
            if (at > latest)
                Add($"read a stock of {seen.Stock} of p{product} between {seen.Start.TotalSeconds:0.000} and {seen.End.TotalSeconds:0.000} s, which was not there then");
            else
                floor = Math.Max(floor, at);
        }
    }

    private static bool Any(ProductTimeline timeline, int from, int to, Func<long, bool> condition)
    {
        for (int at = from; at <= to; at++)
        {
            if (condition(timeline.StockAfter(at)))
                return true;
        }

        return false;
    }

    /// <summary>The starts and ends of the reads as they followed each other.</summary>
    private static IEnumerable<(bool IsEnd, int Read)> Events(IReadOnlyList<ReadRecord> reads) => Enumerable.Range(0, reads.Count)
        .SelectMany(read => new[] { (Time: reads[read].Start, IsEnd: false, Read: read), (Time: reads[read].End, IsEnd: true, Read: read) })
        .OrderBy(happened => happened.Time).ThenBy(happened => happened.IsEnd)
        .Select(happened => (happened.IsEnd, happened.Read));

    private void Add(string what, WriteRecord? write = null) =>
        _violations.Add(new Violation(what, write?.RequestId, write?.Start ?? default, write?.End ?? default));
}
