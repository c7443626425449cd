import Glibc

/// How many files a process may hold open: `RLIMIT_NOFILE`.
package enum DescriptorLimit {
    /// Raises the soft limit, 1,024 by habit, to the hard one and returns it: a lab of a thousand namespaces holds
    /// several thousand sockets, and weft never calls select(2), for whose sake the soft limit is kept low.
    @discardableResult
    package static func raise() throws(SystemError) -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        try systemCall("read the limit of open files") { unsafe getrlimit(resource, &limit) }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            try systemCall("raise the limit of open files") { unsafe setrlimit(resource, &limit) }
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// What a user can do about `EMFILE`; nil of any other errno.
    static func explanation(of errno: CInt) -> String? {
        guard errno == EMFILE else { return nil }
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return nil }
        return "this process may hold \(limit.rlim_cur) open at a time: raise the limit with ulimit -n"
    }
}
