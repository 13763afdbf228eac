//! What owners are told: everything once, and each reminder in time.

use std::collections::BTreeMap;

use gost_ca::id::CaseId;
use gost_ca::notice::NoticeKind;
use gost_ca::provider::journal::{NoticeFilter, Page};
use gost_ca::registration_authority::NoticeSettings;

use crate::desk::Result;
use crate::model::days;
use crate::world::World;

impl World {
    pub(crate) async fn check_reminders(&self) -> Result<()> {
        let (ra, admin) = (&self.bench.desk.ra, &self.bench.desk.administrator);
        let page = Page::first(usize::MAX);
        let (views, _) = ra.list_notices(admin, NoticeFilter::default(), &page).await?;
        let mut told = BTreeMap::new();
        for view in views {
            let notice = ra.notice(admin, &view.notice).await?;
            let is_reminder = matches!(
                notice.kind(),
                NoticeKind::CertificateExpires { .. } | NoticeKind::KeyExpires { .. }
            );
            if let Some(case) = notice.case().filter(|_| is_reminder) {
                let times = told.entry((case, notice.kind())).or_insert(0);
                *times += 1;
                assert_eq!(*times, 1, "{:?} of {case} twice", notice.kind());
            }
        }
        self.check_nearest(&told);
        Ok(())
    }

    /// Of every certificate that goes on, the reminder whose time came last was queued.
    fn check_nearest(&self, told: &BTreeMap<(CaseId, NoticeKind), i32>) {
        let now = self.now();
        let thresholds = NoticeSettings::default().reminders;
        for (life, case) in self.model.lives.iter().zip(&self.cases).skip(1) {
            let imported = life.version == 0;
            let renewed = life.heir.is_some_and(|heir| self.model.lives[heir].term.is_some());
            if imported || renewed || !life.lives_on(now) {
                continue;
            }
            let end = life.end();
            let past = |threshold: &&u16| end - days(i64::from(**threshold)) <= now;
            let Some(nearest) = thresholds.iter().filter(past).min() else { continue };
            let kind = NoticeKind::CertificateExpires { days: *nearest };
            assert!(told.contains_key(&(*case, kind)), "{kind:?} of {case}: {life:?}");
            self.note("reminder", "ok");
        }
    }
}
