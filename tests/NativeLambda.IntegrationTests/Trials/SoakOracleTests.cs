using NativeLambda.Trials.Soak.Judging;

namespace NativeLambda.IntegrationTests.Trials;

/// <summary>The oracle of the soak, shown every lie that it is there to find.</summary>
public sealed class SoakOracleTests
{
    private readonly List<WriteRecord> _writes = [];
    private readonly List<ReadRecord> _reads = [];
    private readonly List<MovementRow> _rows = [];
    private readonly Dictionary<string, long> _keys = [];
    private long? _stock;

    [Fact]
    public void A_truthful_history_is_fine()
    {
        Made(At(0, 1), 10);
        Read(At(1, 2), 10);
        Made(At(2, 4), 5);
        Read(At(3, 5), 10);
        Read(At(3, 5), 15);
        Made(At(5, 6), -15, key: "k");
        Read(At(6, 7), 0);
        Write(At(6, 7), -20, WriteResult.Refused);
        Write(At(6, 7), 7, WriteResult.NotDone);
        Write(At(6, 7), 8, WriteResult.Unknown);
        Row(9);
        Write(At(7, 8), 9, WriteResult.Unknown);
        Verdict verdict = Examine();
        Assert.Empty(verdict.Violations);
        Assert.Equal((3, 1, 1, 2, 1), (verdict.Acknowledged, verdict.Refused, verdict.NotDone, verdict.Unknown, verdict.UnknownFound));
        Assert.Equal((0, 0, 0, 4), (verdict.Missing, verdict.Doubled, verdict.Uninvited, verdict.Reads));
    }

    [Fact]
    public void An_acknowledged_write_that_is_not_there_is_lost()
    {
        Made(At(0, 1), 10);
        Write(At(1, 2), 5, WriteResult.Acknowledged, movement: 2, stock: 15);
        Assert.Equal(1, Examine().Missing);
        AssertViolation("lost, though acknowledged: movement +5 of p0");
    }

    [Theory]
    [InlineData(nameof(WriteResult.Acknowledged))]
    [InlineData(nameof(WriteResult.Unknown))]
    [InlineData(nameof(WriteResult.Unfinished))]
    public void A_write_that_is_there_twice_is_doubled_whatever_its_answer(string result)
    {
        Row(10);
        Row(10);
        Write(At(0, 1), 10, Enum.Parse<WriteResult>(result), movement: 1, stock: 10);
        Assert.Equal(1, Examine().Doubled);
        AssertViolation("2 times in the database: movement +10 of p0");
    }

    [Theory]
    [InlineData(nameof(WriteResult.NotDone))]
    [InlineData(nameof(WriteResult.Refused))]
    public void A_write_that_is_there_though_the_answer_says_that_it_was_not_made_is_uninvited(string result)
    {
        Row(10);
        Write(At(0, 1), 10, Enum.Parse<WriteResult>(result));
        Assert.Equal(1, Examine().Uninvited);
        AssertViolation("made, though it was said not to be");
    }

    [Fact]
    public void A_movement_that_nobody_asked_for_is_uninvited()
    {
        Row(10);
        Assert.Equal(1, Examine().Uninvited);
        AssertViolation("nobody asked for movement 1");
    }

    [Fact]
    public void A_repeated_write_that_was_never_acknowledged_is_told()
    {
        Write(At(0, 1), 10, WriteResult.Unfinished, key: "k");
        AssertViolation("never acknowledged");
    }

    [Fact]
    public void An_acknowledgement_of_another_movement_is_told()
    {
        Row(10);
        Write(At(0, 1), 10, WriteResult.Acknowledged, movement: 7, stock: 10);
        AssertViolation("acknowledged as movement 7");
    }

    [Fact]
    public void A_key_that_is_not_remembered_with_its_movement_is_told()
    {
        Made(At(0, 1), 10, key: "k");
        _keys["k"] = 99;
        AssertViolation("its key is not remembered");
        _keys.Clear();
        AssertViolation("its key is not remembered");
    }

    [Fact]
    public void A_stock_that_is_not_the_sum_of_its_movements_is_told()
    {
        Made(At(0, 1), 10);
        _stock = 11;
        AssertViolation("the stock of p0 is 11, but its movements add up to 10");
    }

    [Fact]
    public void A_movement_that_left_another_stock_than_the_sum_is_told()
    {
        Row(10);
        _rows.Add(new MovementRow(2, 0, 5, 5));
        Write(At(0, 1), 10, WriteResult.Unknown);
        Write(At(0, 1), 5, WriteResult.Unknown);
        _stock = 5;
        AssertViolation("movement 2 of p0 left the stock 5, but the movements add up to 15");
    }

    [Fact]
    public void A_stock_below_zero_is_told()
    {
        Made(At(0, 1), -10);
        AssertViolation("movement 1 of p0 left the stock -10");
    }

    [Fact]
    public void A_read_from_before_an_acknowledged_write_is_stale()
    {
        Made(At(0, 1), 10);
        Made(At(1, 2), 5);
        Read(At(3, 4), 10);
        AssertViolation("read a stock of 10 of p0 between 3.000 and 4.000 s");
    }

    [Fact]
    public void A_read_that_goes_back_behind_another_read_is_stale()
    {
        Made(At(0, 1), 10);
        // Its acknowledgement takes its time, so that only the other read tells.
        Made(At(1, 9), 5);
        Read(At(2, 3), 15);
        Read(At(4, 5), 10);
        AssertViolation("read a stock of 10 of p0 between 4.000 and 5.000 s");
    }

    [Fact]
    public void A_read_of_a_write_that_was_asked_for_later_is_told()
    {
        Made(At(0, 1), 10);
        Read(At(1, 2), 15);
        Made(At(3, 4), 5);
        AssertViolation("read a stock of 15 of p0 between 1.000 and 2.000 s");
    }

    [Fact]
    public void A_read_of_a_stock_that_never_was_is_told()
    {
        Made(At(0, 1), 10);
        Read(At(2, 3), 11);
        AssertViolation("read a stock of 11");
    }

    [Fact]
    public void A_refusal_while_there_was_enough_is_told()
    {
        Made(At(0, 1), 10);
        Write(At(2, 3), -10, WriteResult.Refused);
        AssertViolation("refused, though there was enough in stock");
    }

    private static (TimeSpan Start, TimeSpan End) At(int start, int end) => (TimeSpan.FromSeconds(start), TimeSpan.FromSeconds(end));

    /// <summary>A write that is acknowledged and there.</summary>
    private void Made((TimeSpan Start, TimeSpan End) at, int quantity, string? key = null)
    {
        MovementRow row = Row(quantity);
        Write(at, quantity, WriteResult.Acknowledged, key, row.Id, row.Stock);
        if (key is not null)
            _keys[key] = row.Id;
    }

    private MovementRow Row(int quantity)
    {
        var row = new MovementRow(_rows.Count + 1, 0, quantity, (_rows.Count == 0 ? 0 : _rows[^1].Stock) + quantity);
        _rows.Add(row);
        return row;
    }

    private void Write(
        (TimeSpan Start, TimeSpan End) at, int quantity, WriteResult result, string? key = null, long movement = 0, long stock = 0) =>
        _writes.Add(new WriteRecord(0, quantity, key, result, at.Start, at.Start, at.End, "request", movement, stock));

    private void Read((TimeSpan Start, TimeSpan End) at, long stock) => _reads.Add(new ReadRecord(0, stock, at.Start, at.End));

    private Verdict Examine() => Oracle.Examine(
        _writes, _reads, new DatabaseState(_rows, new Dictionary<int, long> { [0] = _stock ?? (_rows.Count == 0 ? 0 : _rows[^1].Stock) }, _keys));

    private void AssertViolation(string what) =>
        Assert.Contains(what, Assert.Single(Examine().Violations).What, StringComparison.Ordinal);
}
