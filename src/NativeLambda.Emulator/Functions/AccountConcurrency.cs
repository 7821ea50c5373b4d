namespace NativeLambda.Emulator.Functions;

/// <summary>
/// The concurrency that all functions share. What is reserved or provisioned for a function is set aside for it; the others share
/// what is left.
/// </summary>
internal sealed class AccountConcurrency
{
    private readonly Lock _gate = new();
    private int _unreserved;

    /// <param name="limit">How many invocations may run at once, over all functions.</param>
    /// <param name="setAside">How many of them each function has for itself.</param>
    /// <exception cref="ArgumentException">More is set aside than there is.</exception>
    public AccountConcurrency(int limit, IReadOnlyCollection<int> setAside)
    {
        int sum = setAside.Sum();
        if (sum > limit) throw new ArgumentException($"{sum} are reserved or provisioned, more than the account's concurrency of {limit}");
        _unreserved = limit - sum;
    }

    /// <summary>A function's view of it.</summary>
    /// <param name="setAside">What is reserved or provisioned for the function.</param>
    public Share CreateShare(int setAside) => new(this, setAside);

    /// <summary>What one function uses of the account's concurrency.</summary>
    internal sealed class Share(AccountConcurrency account, int setAside)
    {
        private int _own = setAside;
        private int _borrowed;

        /// <summary>Takes one for an invocation.</summary>
        /// <returns>False when there is none left.</returns>
        public bool TryEnter()
        {
            lock (account._gate)
            {
                if (_own > 0) _own--;
                else if (account._unreserved > 0)
                {
                    account._unreserved--;
                    _borrowed++;
                }
                else
                    return false;
                return true;
            }
        }

        /// <summary>Gives it back.</summary>
        public void Exit()
        {
            lock (account._gate)
            {
                if (_borrowed == 0) _own++;
                else
                {
                    _borrowed--;
                    account._unreserved++;
                }
            }
        }
    }
}
