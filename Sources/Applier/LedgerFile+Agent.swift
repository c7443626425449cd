package import Netlink
import NetworkState

extension LedgerFile {
    /// Keeps other agents from this host, but no other run, for as long as the lock lives.
    package func lockAgainstAgents() throws(ApplyError) -> FileLock {
        let (directory, _) = splitPath(path)
        let lockPath = path.dropLast(".json".count) + ".agent.lock"
        let attempt = try systemCalls { () throws(SystemError) in
            try createDirectories(directory)
            return try FileLock.acquire(String(lockPath), timeout: .zero, note: Holder.current.json.line + "\n")
        }
        switch consume attempt {
        case .acquired(let lock): return lock
        case .held(let note): throw .locked(path: String(lockPath), by: Holder(reading: note))
        }
    }
}
