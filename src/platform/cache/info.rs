//! Reads the answer to `INFO`.

/// What Redis says of itself. What it does not say is 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Info {
    /// Memory it uses.
    pub memory_used_bytes: u64,
    /// Most memory it may use; 0 is no limit.
    pub memory_max_bytes: u64,
    /// Clients.
    pub clients: u64,
    /// Look-ups that found something, since it started.
    pub hits: u64,
    /// Look-ups that found nothing, since it started.
    pub misses: u64,
}

impl Info {
    pub(super) fn read(text: &str) -> Self {
        let mut info = Self::default();
        for (name, value) in text.lines().filter_map(|line| line.split_once(':')) {
            let field = match name {
                "used_memory" => &mut info.memory_used_bytes,
                "maxmemory" => &mut info.memory_max_bytes,
                "connected_clients" => &mut info.clients,
                "keyspace_hits" => &mut info.hits,
                "keyspace_misses" => &mut info.misses,
                _ => continue,
            };
            *field = value.trim().parse().unwrap_or(0);
        }
        info
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_read_whatever_else_is_in_it() {
        let text = "# Clients\r\nconnected_clients:3\r\n\r\n# Memory\r\nused_memory:1048576\r\n\
                    used_memory_human:1.00M\r\nmaxmemory:67108864\r\nkeyspace_hits:7\r\nkeyspace_misses:x\r\n";
        let expected = Info {
            memory_used_bytes: 1_048_576,
            memory_max_bytes: 67_108_864,
            clients: 3,
            hits: 7,
            misses: 0,
        };
        assert_eq!(Info::read(text), expected);
        assert_eq!(Info::read(""), Info::default());
    }
}
