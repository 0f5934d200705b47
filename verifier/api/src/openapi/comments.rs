//! The comments of the `.proto` files.

use prost_reflect::{
    EnumDescriptor, EnumValueDescriptor, FieldDescriptor, FileDescriptor, MessageDescriptor,
};

/// Something that a comment is about.
pub(super) trait Commented {
    /// The comment as one text; empty if there is none.
    fn comment(&self) -> String;
}

/// Where a thing is declared: its file, and its place in it.
macro_rules! commented {
    ($($thing:ty: $file:expr;)*) => {$(
        impl Commented for $thing {
            fn comment(&self) -> String {
                let file: fn(&$thing) -> FileDescriptor = $file;
                comment_at(&file(self), self.path())
            }
        }
    )*};
}

commented! {
    MessageDescriptor: MessageDescriptor::parent_file;
    FieldDescriptor: |field| field.parent_message().parent_file();
    EnumDescriptor: EnumDescriptor::parent_file;
    EnumValueDescriptor: |value| value.parent_enum().parent_file();
}

fn comment_at(file: &FileDescriptor, path: &[i32]) -> String {
    let source = file.file_descriptor_proto().source_code_info.as_ref();
    let mut locations = source.iter().flat_map(|source| &source.location);
    let Some(found) = locations.find(|location| location.path == path) else {
        return String::new();
    };
    let text = [found.leading_comments(), found.trailing_comments()].join(" ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
