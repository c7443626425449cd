import Netlink
import NetworkState

extension OpenNamespace {
    /// Runs `commands` in nft's language, in one transaction.
    func nft(_ commands: String) throws(ApplyError.Cause) -> String {
        let result: Result<String, NftablesError>
        do throws(SystemError) {
            result = try Nftables.run(commands, in: namespace)
        } catch { throw .system(error) }
        do throws(NftablesError) { return try result.get() } catch { throw .nftables(error) }
    }

    /// Those tables that are there of the names of `wanted`.
    ///
    /// One that stands for any of its name is passed over where nobody may look, or the kernel has no such tables.
    func tables(_ wanted: Table<NATTable>) throws(ApplyError) -> Table<NATTable> {
        var tables = Table<NATTable>()
        for table in wanted.sorted {
            do throws(ApplyError.Cause) {
                tables.insert(NATTable(name: table.name, text: try nft(table.listing)))
            } catch {
                guard !error.saysNotThere, !table.isAny else { continue }
                throw ApplyError(listing: table, error)
            }
        }
        return tables
    }
}

extension Executor {
    /// Replaces or removes tables, each in one transaction.
    mutating func translate(_ group: Range<Int>) {
        for step in group where goesOn {
            guard let namespace = namespace(for: step) else { continue }
            namespaces.modifyingMessageCount += 1
            do throws(ApplyError.Cause) {
                _ = try namespace.nft(steps[step].change.translation)
                begin(step)
            } catch { fail(step, error) }
        }
    }
}

extension Change {
    fileprivate var translation: String {
        switch (before, after) {
        case (_, .table(let table)): table.replacement
        case (.table(let table), nil): table.removal
        default: preconditionFailure("\(identity) is no table")
        }
    }
}

extension ApplyError {
    fileprivate init(listing table: NATTable, _ cause: Cause) {
        let attempt = "nft \(table.listing)"
        if let reason = cause.permissionReason {
            self = .unprivileged(attempt: attempt, reason: reason, .unchanged)
        } else {
            self = .unlistable(attempt: attempt, cause, .unchanged)
        }
    }
}

extension ApplyError.Cause {
    fileprivate var saysNotThere: Bool { if case .nftables(let error) = self { error.saysNotThere } else { false } }
}
